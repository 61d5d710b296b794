/**
 * Room: what people and programs read: text, tables, progress bars, JSON. Nothing is decided here.
 * May use: domain, domain/config, domain/dictionary, domain/plan, domain/scan, domain/table, io/hdf5, workflows.
 */

import { formatProblem, type Problem } from '../../domain/errors.js';

/** Writes results to stdout piece by piece, waiting where the reader is slow. */
export async function writeResult(pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    if (!process.stdout.write(piece)) await writable();
  }
}

/** Resolves when stdout takes more, or takes nothing any more. */
function writable(): Promise<void> {
  return new Promise((resolve) => {
    const events = ['drain', 'error', 'close'];
    const done = () => {
      for (const event of events) process.stdout.off(event, done);
      resolve();
    };
    for (const event of events) process.stdout.on(event, done);
  });
}

/** Prints what a configuration's reader warns of. */
export function printWarnings(warnings: readonly Problem[]): void {
  for (const warning of warnings) process.stderr.write(`${formatProblem(warning)}\n`);
}
