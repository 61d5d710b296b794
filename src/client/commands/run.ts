/**
 * Room: one file for each command: its options, and in which order others do the work.
 * May use: client, client/options, client/scan, client/stand, client/text, client/up, domain/*, io, io/analysis,
 * io/configuration, io/hdf5, io/merge, io/output, io/process, io/processes, io/report, io/temporal, simulator, workers,
 * workflows.
 */

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { followInteractively } from '../scan/follow-interactively.js';
import type { ScanInput } from '../../workflows/messages.js';
import { action, exit, newCommand } from '../command.js';
import { wholeNumber } from '../options/option-values.js';
import { withClient } from '../scan/scans.js';
import { newId, startOrAttach } from '../scan/start-scan.js';
import { waitForWorkers } from '../scan/wait-for-workers.js';
import { collect } from '../options/worker-options.js';

interface Options {
  readonly output: string;
  readonly network?: string;
  readonly stand?: string;
  readonly id?: string;
  readonly calibration?: string;
  readonly fresh?: boolean;
  readonly again: readonly string[];
  readonly verify?: boolean;
  readonly detach?: boolean;
  readonly wait?: boolean;
  readonly priority?: number;
  readonly urgent?: boolean;
  readonly maxFailedRuns?: number;
  readonly comment?: string;
  readonly operator?: string;
  readonly board?: string;
}

/** `datenraffinerie run`: starts a scan, or attaches to the same one that runs, and follows it. */
export function build(): Command {
  return newCommand('run', 'start a scan and follow it')
    .argument('<main>', 'main configuration file')
    .argument('<procedures...>', 'names of procedures or workflows, in the order to be done')
    .requiredOption('--output <dir>', 'folder for data, tables and results')
    .option('--network <file>', 'where the test stand is')
    .option('--stand <name>', "name of the stand (default: the network file's, else local)")
    .option('--id <id>', 'name of the scan (default: scan-<time>-<4 hex>)')
    .option('--calibration <file>', 'calibration of an earlier scan, laid below those made here')
    .option('--fresh', 'move what the output folder holds to .old first')
    .option('--again <name>', 'run this analysis again although its results hold, repeatable', collect, [])
    .option('--verify', 'read the raw files that are reused, and measure damaged ones again')
    .option('--detach', 'print the id and leave')
    .option('--wait', 'wait for workers that are missing')
    .option('--priority <n>', '1 (first) to 5; default 3', wholeNumber(1, 5))
    .option('--urgent', 'take the stand over from a running scan between two runs')
    .option('--max-failed-runs <n>', 'runs that may fail for good (default: 1 %, at least one)', wholeNumber(0, 1e9))
    .option('--comment <text>', 'kept with the data')
    .option('--operator <text>', 'kept in the history')
    .option('--board <text>', "the board's serial number: runs of another board are never reused")
    .action(action(run));
}

function run(main: string, procedures: string[], options: Options): Promise<number> {
  return withClient(async (client) => {
    const input = scanInput(main, procedures, options);
    const id = options.id ?? newId(new Date());
    if (options.wait === true) await waitForWorkers(client, input);
    await startOrAttach(client, id, input);
    if (options.detach === true) {
      process.stdout.write(`${id}\n`);
      return exit.done;
    }
    process.stderr.write(`scan ${id}\n`);
    return followInteractively(client, id);
  });
}

/** The workflow's input: paths absolute, nothing that was not said. */
function scanInput(main: string, procedures: readonly string[], options: Options): ScanInput {
  const { output, network, calibration, again, detach: _, wait: __, id: ___, ...rest } = options;
  return {
    config: resolve(main),
    procedures,
    output: resolve(output),
    ...(network === undefined ? {} : { network: resolve(network) }),
    ...(calibration === undefined ? {} : { calibration: resolve(calibration) }),
    ...(again.length === 0 ? {} : { again }),
    ...rest,
  };
}
