import { hostname } from 'node:os';
import type { Command } from 'commander';
import { usualStand } from '../../domain/scan/scan-input.js';
import { processIdentity } from '../../io/processes/process-identity.js';
import { lockHolder, type LockHolder } from '../../io/stand/locks/stand-lock.js';
import { action, exit, newCommand } from '../command.js';
import { withClient } from '../scan/scans.js';
import { checkStandName } from '../options/worker-options.js';
import { standText } from './text.js';
import { standView } from './view.js';

const historyShown = 10;

interface Options {
  readonly stand: string;
  readonly json?: boolean;
}

/** `stand show`: who uses a stand, who waits for it, who had it. */
export function showCommand(): Command {
  return newCommand('show', 'who uses the stand, who waits for it, who had it')
    .option('--stand <name>', 'the stand', usualStand)
    .option('--json', 'as JSON')
    .action(action(show));
}

function show(options: Options): Promise<number> {
  const stand = checkStandName(options.stand);
  return withClient(async (client) => {
    const view = await standView(client, stand);
    const driver = await livingHolder(stand);
    const text = driver === undefined ? undefined : `process ${driver.pid} on ${driver.host}: ${driver.what}`;
    if (options.json === true)
      process.stdout.write(`${JSON.stringify({ ...view, driver: driver ?? null }, null, 2)}\n`);
    else process.stdout.write(`${standText(view, text, historyShown)}\n`);
    return exit.done;
  });
}

/** The process of this host that drives the stand now; what a dead one left behind says nothing. */
async function livingHolder(stand: string): Promise<Pick<LockHolder, 'pid' | 'host' | 'what'> | undefined> {
  const holder = await lockHolder(stand);
  if (holder === undefined || holder.host !== hostname()) return undefined;
  if (processIdentity(holder.pid) !== holder.identity) return undefined;
  const { pid, host, what } = holder;
  return { pid, host, what };
}
