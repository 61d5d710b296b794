import type { CommandEntry } from './command.js';

/** All commands, in the order of the help text. */
export const commands: readonly CommandEntry[] = [];
