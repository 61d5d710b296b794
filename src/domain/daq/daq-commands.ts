import { formatYaml } from '../config/yaml/yaml.js';
import type { ConfigMap } from '../config/value.js';

/** Commands of the daq server and the daq client, and the states they answer with. */
export const daqCommands = ['initialize', 'configure', 'start', 'status', 'stop', 'destroy'] as const;
export type DaqCommand = (typeof daqCommands)[number];

export const daqStates = ['not initialised', 'initialized', 'configured', 'running', 'error'] as const;
export type DaqState = (typeof daqStates)[number];

/** How often a start is repeated while the links are not aligned. */
export const usualStartTries = 50;

/** Frames of one message: the word, and its document for `initialize` and `configure`. */
export function encodeDaqCommand(command: DaqCommand, document?: ConfigMap): readonly string[] {
  return document === undefined ? [command] : [command, formatYaml(document)];
}

/**
 * The state after a command that was carried out; undefined where the command is out of order. What may fail on the
 * way (links not aligned, a document that lacks something) is the service's matter.
 */
export function stateAfter(state: DaqState, command: DaqCommand): DaqState | undefined {
  switch (command) {
    case 'status':
      return state;
    case 'destroy':
      return 'not initialised';
    case 'initialize':
      return state === 'running' ? undefined : 'initialized';
    case 'configure':
      return state === 'initialized' || state === 'configured' ? 'configured' : undefined;
    case 'start':
      return state === 'configured' ? 'running' : undefined;
    case 'stop':
      return state === 'running' || state === 'configured' ? 'configured' : undefined;
  }
}
