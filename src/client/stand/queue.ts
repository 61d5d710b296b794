import type { Command } from 'commander';
import { DatenraffinerieError } from '../../domain/errors.js';
import { usualStand } from '../../domain/scan/scan-input.js';
import type { QueueEdit, StandView } from '../../workflows/messages.js';
import { messages, standWorkflowId } from '../../workflows/names.js';
import { action, exit, newCommand } from '../command.js';
import { parseCount } from '../options/option-values.js';
import { withClient } from '../scan/scans.js';
import { sendUpdate } from '../scan/send.js';
import { checkStandName } from '../options/worker-options.js';
import { queueText } from './text.js';
import { standView } from './view.js';

interface Options {
  readonly stand: string;
  readonly json?: boolean;
}

/** `stand queue`, and `stand queue move|remove|hold ID [POSITION]`: who waits for a stand, in which order. */
export function queueCommand(): Command {
  return newCommand('queue', 'who waits for the stand, in which order; moves, removes, puts on hold (again: lets go)')
    .argument('[action]', 'move, remove or hold')
    .argument('[id]', 'a scan, or one of its procedures: SCAN/daq/PROCEDURE')
    .argument('[position]', 'with move: where to; 0 is next', parseCount)
    .option('--stand <name>', 'the stand', usualStand)
    .option('--json', 'as JSON')
    .action(action(queue));
}

function queue(
  what: string | undefined,
  id: string | undefined,
  position: number | undefined,
  options: Options,
): Promise<number> {
  const stand = checkStandName(options.stand);
  const edit = what === undefined ? undefined : readEdit(what, id, position);
  return withClient(async (client) => {
    const before = await standView(client, stand);
    if (edit !== undefined && before.queue.length === 0) {
      throw new DatenraffinerieError('ConfigError', `nobody waits for the stand ${stand}`);
    }
    const view =
      edit === undefined
        ? before
        : await sendUpdate<StandView>(client, standWorkflowId(stand), messages.editQueue, edit);
    process.stdout.write(`${options.json === true ? JSON.stringify(view.queue, null, 2) : queueText(view.queue)}\n`);
    return exit.done;
  });
}

function readEdit(what: string, id: string | undefined, position: number | undefined): QueueEdit {
  const usage = { remedy: 'stand queue move ID POSITION, stand queue remove ID, stand queue hold ID' };
  if (what !== 'move' && what !== 'remove' && what !== 'hold') {
    throw new DatenraffinerieError('ConfigError', `'${what}' is no way to change a queue`, usage);
  }
  if (id === undefined) throw new DatenraffinerieError('ConfigError', `${what} whom?`, usage);
  if (what !== 'move') {
    if (position !== undefined) throw new DatenraffinerieError('ConfigError', `${what} takes no position`, usage);
    return { action: what, id };
  }
  if (position === undefined) throw new DatenraffinerieError('ConfigError', 'move where to?', usage);
  return { action: what, id, position };
}
