/**
 * Room: the command line's frame: how a command is described, fails and is interrupted. `main` and `commands` put
 * everything together.
 * May use: domain.
 */

import { Command } from 'commander';

/** Exit codes of every command. */
export const exit = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * A command's module exports `build`: it declares arguments and options and an action that resolves to an exit code.
 * Results go to stdout, progress and messages to stderr.
 */
export interface CommandModule {
  build(): Command;
}

/** One line of the command table; the module is loaded only when the command is used, so that start-up stays short. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** A command whose usage errors throw instead of ending the process; `run` gives the exit code. */
export function newCommand(name: string, summary: string): Command {
  return new Command(name).description(summary).exitOverride().showHelpAfterError(false);
}

/** Wraps an action that resolves to an exit code for commander. */
export function action<A extends unknown[]>(
  run: (...parameters: A) => Promise<number>,
): (...parameters: A) => Promise<void> {
  return async (...parameters) => {
    process.exitCode = await run(...parameters);
  };
}
