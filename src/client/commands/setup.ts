import type { Command } from 'commander';
import { findTemporalCli } from '../../io/temporal/cli.js';
import { action, exit, newCommand } from '../command.js';
import { abortOnInterrupt } from '../interrupt.js';

/** `datenraffinerie setup`: finds, downloads or builds the Temporal CLI and prints its path. */
export function build(): Command {
  return newCommand('setup', 'find or make the Temporal CLI (server, Web UI, client)').action(
    action(async () => {
      const { signal } = abortOnInterrupt();
      try {
        const path = await findTemporalCli({
          log: (text) => process.stderr.write(`${text}\n`),
          signal,
        });
        process.stdout.write(`${path}\n`);
        return exit.done;
      } catch (error) {
        if (signal.aborted) return exit.interrupted;
        throw error;
      }
    }),
  );
}
