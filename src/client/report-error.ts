import { CommanderError } from 'commander';
import { DatenraffinerieError } from '../domain/errors.js';
import { exit } from './command.js';

/** Prints an error as one message for people and returns the exit code; stack traces only with DATENRAFFINERIE_DEBUG. */
export function reportError(error: unknown, write: (text: string) => void): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage; // commander has printed it
  if (error instanceof DatenraffinerieError) {
    write(`${error.message}${error.remedy === undefined ? '' : `\n    ${error.remedy}`}\n`);
    return error.type === 'ConfigError' ? exit.usage : exit.failed;
  }
  const text = error instanceof Error ? error.message : String(error);
  write(`unexpected error: ${text}\n`);
  if (process.env['DATENRAFFINERIE_DEBUG'] && error instanceof Error) write(`${error.stack ?? ''}\n`);
  return exit.failed;
}
