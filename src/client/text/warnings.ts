import { formatProblem, type Problem } from '../../domain/errors.js';

/** Prints what a configuration's reader warns of. */
export function printWarnings(warnings: readonly Problem[]): void {
  for (const warning of warnings) process.stderr.write(`${formatProblem(warning)}\n`);
}
