import type { Command } from 'commander';
import { action, exit, newCommand } from '../command.js';
import { wholeNumber } from '../options/option-values.js';
import { summaryOf, type ScanSummary } from '../scan/scan-summary.js';
import { listScans, withClient } from '../scan/scans.js';
import { textTable } from '../text/text-table.js';

/** `datenraffinerie list`: all scans that the server knows. */
export function build(): Command {
  return newCommand('list', 'scans that the server knows, newest first')
    .option('--running', 'only those that run')
    .option('--limit <n>', 'at most so many', wholeNumber(1, 1e6))
    .option('--json', 'as JSON')
    .action(action(list));
}

interface Options {
  readonly json?: boolean;
  readonly running?: boolean;
  readonly limit?: number;
}

function list({ json, running = false, limit }: Options): Promise<number> {
  return withClient(async (client) => {
    const found = await listScans(client, running, limit);
    const scans = await Promise.all(found.map((scan) => summaryOf(client, scan)));
    if (json === true) process.stdout.write(`${JSON.stringify(scans, null, 2)}\n`);
    else if (scans.length === 0) process.stderr.write('no scans yet\n');
    else process.stdout.write(`${tableOf(scans).join('\n')}\n`);
    return exit.done;
  });
}

const columns = ['scan', 'phase', 'runs', 'stand', 'board', 'operator', 'started (UTC)', 'ended (UTC)', 'output'];

/** What no scan has makes no column. */
function tableOf(scans: readonly ScanSummary[]): string[] {
  const rows = scans.map(({ id, phase, progress, stand, board, operator, started, ended, output }) => [
    id,
    phase,
    progress === null ? '' : `${progress.acquired}/${progress.runs}`,
    ...[stand, board, operator],
    started.slice(0, 19),
    ended?.slice(0, 19) ?? '',
    output,
  ]);
  return textTable(columns, rows, { width: process.stdout.columns ?? Infinity });
}
