import type { Command } from 'commander';
import { newCommand } from '../command.js';
import { chipCommands } from '../stand/chips.js';
import { queueCommand } from '../stand/queue.js';
import { showCommand } from '../stand/show.js';

/** `datenraffinerie stand …`: a test stand, with or without a scan. */
export function build(): Command {
  const command = newCommand('stand', 'a test stand: who uses it, who waits for it, its chips')
    .addCommand(showCommand())
    .addCommand(queueCommand());
  for (const each of chipCommands()) command.addCommand(each);
  return command;
}
