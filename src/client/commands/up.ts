import { resolve } from 'node:path';
import type { Command } from 'commander';
import { usualStand } from '../../domain/scan/scan-input.js';
import { configuredAddress } from '../../io/temporal/settings.js';
import { otherUsers } from '../../io/rights/system-users.js';
import { stateFolder, userName } from '../../io/user.js';
import { action, exit, newCommand } from '../command.js';
import { logLine } from '../text/log-line.js';
import { onInterrupt } from '../interrupt.js';
import { wholeNumber } from '../options/option-values.js';
import { startStack, type ServerChoice, type Stack } from '../up/stack.js';
import {
  addAnalysisOptions,
  addNotifyOption,
  analysisSetting,
  checkStandName,
  notifySetting,
} from '../options/worker-options.js';

const defaultPort = 7233;

interface Options {
  readonly port?: number;
  readonly data: string;
  readonly ui: boolean;
  readonly stand?: readonly string[];
  readonly analyses: readonly string[];
  readonly python?: string;
  readonly notify?: string;
}

/** `datenraffinerie up`: Temporal server and workers of all roles on this machine, supervised, until Ctrl-C. */
export function build(): Command {
  const command = newCommand('up', 'Temporal server and workers of all roles, supervised, until Ctrl-C')
    .option('--port <n>', `own server on this port (0: a free one; default: ${defaultPort})`, wholeNumber(0, 65_535))
    .option('--data <dir>', "folder of the own server's database", stateFolder())
    .option('--no-ui', 'no Web UI for the own server: any page that a browser of this machine shows can reach that')
    .option('--stand <name...>', `stands, a daq worker for each (default: ${usualStand})`);
  return addNotifyOption(addAnalysisOptions(command)).action(action(up));
}

async function up(options: Options): Promise<number> {
  const stopping = new AbortController();
  const log = (line: string): void => void process.stderr.write(`${logLine('', line, new Date())}\n`);
  let stack: Stack | undefined;
  const asked = askedToStop(() => {
    stopping.abort();
    stack?.kill();
  });
  void asked.then(() => stack === undefined && stopping.abort());
  try {
    stack = await startStack({
      server: chooseServer(options),
      stands: [...new Set((options.stand ?? [usualStand]).map(checkStandName))],
      ...analysisSetting(options),
      notify: notifySetting(options),
      log,
      signal: stopping.signal,
    });
  } catch (error) {
    if (stopping.signal.aborted) return exit.interrupted;
    throw error;
  }
  if (chooseServer(options) !== 'configured') await warnOfOthers(stack.address, log);
  process.stdout.write(`ready temporal=${stack.address} ui=${stack.uiUrl ?? 'none'}\n`);
  if (configuredAddress() !== stack.address && stack.address !== `127.0.0.1:${defaultPort}`) {
    log(`other terminals find it with: export TEMPORAL_ADDRESS=${stack.address}`);
  }
  await asked;
  log('stopping: runs in hand are finished first (Ctrl-C again: at once)');
  await stack.stop();
  return stopping.signal.aborted ? exit.interrupted : exit.done;
}

/** The server of `up` knows neither keys nor passwords. */
async function warnOfOthers(address: string, log: (line: string) => void): Promise<void> {
  const others = await otherUsers();
  if (others.length === 0) return;
  const who = others.length > 3 ? `${others.slice(0, 3).join(', ')} and ${others.length - 3} more` : others.join(', ');
  log(
    `other users of this machine (${who}) can reach ${address} and start scans as ${userName()}: see docs/security.md`,
  );
}

/**
 * Resolves at the first SIGINT or SIGTERM; calls `again` at a later one. What comes within a second is the same wish:
 * the terminal sends Ctrl-C to all processes, and npx hands on what it gets.
 */
function askedToStop(again: () => void): Promise<void> {
  return new Promise((stop) => {
    let first: number | undefined;
    onInterrupt(() => {
      if (first === undefined) first = performance.now();
      else if (performance.now() - first > 1000) again();
      stop();
    });
  });
}

function chooseServer({ port, data, ui }: Options): ServerChoice {
  if (port === undefined && configuredAddress() !== undefined) return 'configured';
  return { port: port ?? defaultPort, data: resolve(data), ui };
}
