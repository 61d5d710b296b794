/**
 * Room: one file for each command: its options, and in which order others do the work.
 * May use: client, client/doctor, client/options, client/scan, client/stand, client/text, client/up, domain/*, io,
 * io/analysis, io/configuration, io/hdf5, io/merge, io/output, io/process, io/processes, io/report, io/rights,
 * io/temporal, io/verify, simulator, workers, workflows.
 */

import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { followInteractively } from '../scan/follow-interactively.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { usualStand, type ScanInput } from '../../domain/scan/scan-input.js';
import { action, exit, newCommand } from '../command.js';
import { wholeNumber } from '../options/option-values.js';
import { withClient } from '../scan/scans.js';
import { newId, startOrAttach } from '../scan/start-scan.js';
import { refuseToWait, requireWorkers, waitForWorkers } from '../scan/wait-for-workers.js';
import { scanIdProblem } from '../../workflows/names.js';
import { collect } from '../options/worker-options.js';

type Options = Omit<ScanInput, 'config' | 'procedures'> & {
  readonly id?: string;
  readonly detach?: boolean;
  readonly wait?: boolean;
};

/** An option for every field of a scan's input that is no argument. */
const scanOptions: Readonly<Record<Exclude<keyof ScanInput, 'config' | 'procedures'>, Option>> = {
  output: new Option('--output <dir>', 'folder for data, tables and results').makeOptionMandatory(),
  network: new Option('--network <file>', 'where the test stand is'),
  stand: new Option('--stand <name>', `name of the stand (default: the network file's, else ${usualStand})`),
  calibration: new Option('--calibration <file>', 'calibration of an earlier scan, laid below those made here'),
  fresh: new Option('--fresh', 'move what the output folder holds to .old first'),
  takeOver: new Option('--take-over', 'take the folder from a scan of another Temporal server that is gone for good'),
  again: new Option('--again <name>', 'run this analysis again although its results hold, repeatable').argParser(
    collect,
  ),
  verify: new Option('--verify', 'read the raw files that are reused, and measure damaged ones again'),
  priority: new Option('--priority <n>', '1 (first) to 5; default 3').argParser(wholeNumber(1, 5)),
  urgent: new Option('--urgent', 'take the stand over from a running scan between two runs'),
  maxFailedRuns: new Option(
    '--max-failed-runs <n>',
    'runs that may fail for good (default: 1 %, at least one)',
  ).argParser(wholeNumber(0, 1e9)),
  comment: new Option('--comment <text>', 'kept with the data'),
  operator: new Option('--operator <text>', 'kept in the history'),
  board: new Option('--board <text>', "the board's serial number: runs of another board are not reused"),
  anyStand: new Option('--any-stand', 'reuse runs that were measured at another stand or on another board'),
};

/** `datenraffinerie run`: starts a scan, or attaches to the same one that runs, and follows it. */
export function build(): Command {
  const command = newCommand('run', 'start a scan and follow it')
    .argument('<main>', 'main configuration file')
    .argument('<procedures...>', 'names of procedures or workflows, in the order to be done');
  for (const option of Object.values(scanOptions)) command.addOption(option);
  return command
    .option('--id <id>', 'name of the scan (default: scan-<time>-<4 hex>)')
    .option('--detach', 'print the id and leave')
    .option('--wait', 'wait for workers that are missing')
    .action(action(run));
}

function run(main: string, procedures: string[], options: Options): Promise<number> {
  return withClient(async (client) => {
    const input = scanInput(main, procedures, options);
    const id = checkedId(options.id ?? newId(new Date()));
    if (options.wait === true) await waitForWorkers(client, input);
    else await requireWorkers(client);
    await startOrAttach(client, id, input);
    if (options.detach === true) {
      process.stdout.write(`${id}\n`);
      return exit.done;
    }
    const following = followInteractively(client, id, options.wait === true ? undefined : refuseToWait(client, id));
    process.stderr.write(`scan ${id}\n`); // Ctrl-C is heard by now
    return following;
  });
}

function checkedId(id: string): string {
  const problem = scanIdProblem(id);
  if (problem === undefined) return id;
  throw new DatenraffinerieError('ConfigError', `'${id}' cannot be the --id of a scan: ${problem}`, {
    remedy: 'choose another one, or none: then it is made of the time',
  });
}

/** The workflow's input: paths absolute, nothing that was not said. */
function scanInput(main: string, procedures: readonly string[], options: Options): ScanInput {
  const { output, network, calibration, detach: _, wait: __, id: ___, ...rest } = options;
  return {
    config: resolve(main),
    procedures,
    output: resolve(output),
    ...(network === undefined ? {} : { network: resolve(network) }),
    ...(calibration === undefined ? {} : { calibration: resolve(calibration) }),
    ...rest,
  };
}
