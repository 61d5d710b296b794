import type { Command } from 'commander';
import { action, exit, newCommand } from '../command.js';
import { listScans, withClient } from '../scan/scans.js';
import { textTable } from '../text/text-table.js';

/** `datenraffinerie list`: all scans that the server knows. */
export function build(): Command {
  return newCommand('list', 'scans that the server knows, newest first')
    .option('--json', 'as JSON')
    .action(action(list));
}

function list({ json }: { readonly json?: boolean }): Promise<number> {
  return withClient(async (client) => {
    const scans = (await listScans(client, false)).map((scan) => ({
      id: scan.workflowId,
      status: scan.status.name.toLowerCase(),
      started: scan.startTime.toISOString(),
      ended: scan.closeTime?.toISOString() ?? null,
    }));
    if (json === true) process.stdout.write(`${JSON.stringify(scans, null, 2)}\n`);
    else if (scans.length === 0) process.stderr.write('no scans yet\n');
    else {
      const rows = scans.map(({ id, status, started, ended }) => [
        id,
        status,
        started.slice(0, 19),
        ended?.slice(0, 19) ?? '',
      ]);
      const table = textTable(['scan', 'status', 'started (UTC)', 'ended (UTC)'], rows);
      process.stdout.write(`${table.join('\n')}\n`);
    }
    return exit.done;
  });
}
