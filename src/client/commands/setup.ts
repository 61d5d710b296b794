import type { Command } from 'commander';
import { findTemporalCli } from '../../io/temporal/cli.js';
import { action, exit, newCommand } from '../command.js';

/** `datenraffinerie setup`: finds, downloads or builds the Temporal CLI and prints its path. */
export function build(): Command {
  return newCommand('setup', 'find or make the Temporal CLI (server, Web UI, client)').action(
    action(async () => {
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      process.once('SIGTERM', () => stop.abort());
      try {
        const path = await findTemporalCli({
          log: (text) => process.stderr.write(`${text}\n`),
          signal: stop.signal,
        });
        process.stdout.write(`${path}\n`);
        return exit.done;
      } catch (error) {
        if (stop.signal.aborted) return exit.interrupted;
        throw error;
      }
    }),
  );
}
