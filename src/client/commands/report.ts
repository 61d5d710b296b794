import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ConfigError } from '../../domain/errors.js';
import { exists } from '../../io/files.js';
import { writeComparison } from '../../io/report/compare-reports.js';
import { startLiveServer } from '../../io/report/live-server.js';
import { writeReport } from '../../io/report/write-report.js';
import type { LiveState } from '../../domain/report/live-page.js';
import { readOwner } from '../../io/output/owner.js';
import { readScanEnd } from '../../io/output/scan-end.js';
import { action, exit, newCommand } from '../command.js';
import { abortOnInterrupt } from '../interrupt.js';
import { ScanStates } from '../scan/scan-state.js';
import { parseCount } from '../options/option-values.js';

interface Options {
  readonly live?: true;
  readonly port: number;
  readonly against?: string;
}

export function build(): Command {
  return newCommand('report', 'write report.html of an output folder as it is now, or show it live')
    .argument('<dir>', 'output folder of a scan')
    .option('--live', 'serve a page that follows the scan while it goes on, until Ctrl-C')
    .option('--against <dir>', 'write a page that sets this scan beside an earlier one instead')
    .option('--port <n>', 'port of the live page; 0: a free one', parseCount, 0)
    .action(action(report));
}

async function report(folder: string, { live, port, against }: Options): Promise<number> {
  const output = await existing(folder);
  if (against !== undefined) {
    process.stdout.write(`${await writeComparison(output, await existing(against))}\n`);
    return exit.done;
  }
  if (live !== true) {
    process.stdout.write(`${await writeReport(output)}\n`);
    return exit.done;
  }
  const states = new ScanStates();
  const server = await startLiveServer(output, { port, look: () => stateIn(output, states) });
  process.stdout.write(`${server.url}\n`);
  await once(abortOnInterrupt().signal, 'abort');
  await server.close();
  await states.close();
  return exit.done;
}

/** What the folder's scan does, or how it ended. */
async function stateIn(output: string, states: ScanStates): Promise<LiveState | undefined> {
  const owner = await readOwner(output);
  if (owner === undefined) return undefined;
  if (owner.closed === undefined) return states.of(owner.workflowId);
  const end = await readScanEnd(output);
  if (end?.firstRunId !== owner.firstRunId) return undefined;
  const procedures = end.procedures.map(({ name, state, failure = '' }) => ({ name, state, text: failure }));
  return { phase: end.state, waiting: '', remedy: '', procedures };
}

async function existing(folder: string): Promise<string> {
  const output = resolve(folder);
  if (await exists(output)) return output;
  throw new ConfigError([{ severity: 'error', message: `there is no output folder ${output}` }]);
}
