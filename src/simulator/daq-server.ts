import type { ConfigMap, ConfigValue } from '../domain/config/value.js';
import { isMap } from '../domain/config/value.js';
import { updateMap } from '../domain/config/overlay.js';
import { parseYaml } from '../domain/config/yaml/yaml.js';
import { daqCommands, stateAfter, type DaqCommand, type DaqState } from '../domain/daq/daq-commands.js';
import { mapAt } from '../domain/daq/parts.js';

/** What a daq server needs to take a run, and what it is told. */
export interface RunControl {
  /** Binds the data stream; called by `initialize`. */
  prepare(port: number): Promise<void>;
  /** Whether the links are aligned, so that a run may begin. */
  aligned(): boolean;
  /** Begins a run; the server is told its end by `runEnded`. */
  begin(daq: ConfigMap): void;
  /** Ends a run that goes on. */
  stop(): void;
}

/** State machine and configuration of a daq server. */
export class DaqServer {
  state: DaqState = 'not initialised';
  daq: ConfigMap = new Map();

  constructor(private readonly control: RunControl) {}

  /** The reply to a command and its document: the state afterwards. */
  async handle(frames: readonly Buffer[]): Promise<string> {
    const [word, document] = frames.map((frame) => frame.toString('utf8'));
    const command = daqCommands.find((known) => known === word);
    const next = command === undefined ? undefined : stateAfter(this.state, command);
    if (command === undefined || next === undefined) return 'error';
    if (!(await this.carryOut(command, document))) return 'error';
    if (command === 'start' && !this.control.aligned()) return this.state;
    this.state = next;
    if (command === 'start') this.control.begin(this.daq);
    return this.state;
  }

  /** The run is over: with its events taken, or in an error. */
  runEnded(state: DaqState): void {
    if (this.state === 'running') this.state = state;
  }

  /** As after power-on. */
  powerOn(): void {
    this.control.stop();
    this.state = 'not initialised';
    this.daq = new Map();
  }

  private async carryOut(command: DaqCommand, document: string | undefined): Promise<boolean> {
    if (command === 'stop' || command === 'destroy') this.control.stop();
    if (command === 'destroy') this.daq = new Map();
    if (command !== 'initialize' && command !== 'configure') return true;
    const part = parsePart(document, 'daq');
    if (part === undefined) return false;
    if (command === 'configure') this.daq = updateMap(this.daq, part);
    else return this.initialize(part);
    return true;
  }

  private async initialize(part: ConfigMap): Promise<boolean> {
    const port = Number(part.get('zmqPushPull_port'));
    if (!Number.isInteger(port) || port <= 0) return false;
    this.daq = part;
    await this.control.prepare(port);
    return true;
  }
}

/** The part of a command's document under a key; undefined where it is none. */
export function parsePart(document: string | undefined, key: string): ConfigMap | undefined {
  try {
    const value: ConfigValue = parseYaml(document ?? '', 'document');
    return isMap(value) && isMap(value.get(key)) ? mapAt(value, key) : undefined;
  } catch {
    return undefined;
  }
}
