import { resolve } from 'node:path';
import type { Command } from 'commander';
import { usualStand } from '../../domain/scan/scan-input.js';
import { configuredAddress } from '../../io/temporal/settings.js';
import { stateFolder } from '../../io/user.js';
import { action, exit, newCommand } from '../command.js';
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
    .option('--stand <name...>', `stands, a daq worker for each (default: ${usualStand})`);
  return addNotifyOption(addAnalysisOptions(command)).action(action(up));
}

async function up(options: Options): Promise<number> {
  const stopping = new AbortController();
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
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
  process.stdout.write(`ready temporal=${stack.address} ui=${stack.uiUrl ?? 'none'}\n`);
  if (configuredAddress() !== stack.address && stack.address !== `127.0.0.1:${defaultPort}`) {
    log(`other terminals find it with: export TEMPORAL_ADDRESS=${stack.address}`);
  }
  await asked;
  log('stopping: runs in hand are finished first (Ctrl-C again: at once)');
  await stack.stop();
  return stopping.signal.aborted ? exit.interrupted : exit.done;
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

function chooseServer({ port, data }: Options): ServerChoice {
  if (port === undefined && configuredAddress() !== undefined) return 'configured';
  return { port: port ?? defaultPort, data: resolve(data) };
}
