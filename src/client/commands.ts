import type { CommandEntry } from './command.js';

/** All commands, in the order of the help text. */
export const commands: readonly CommandEntry[] = [
  { name: 'setup', summary: 'find or make the Temporal CLI', load: () => import('./commands/setup.js') },
];
