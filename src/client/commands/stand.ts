import type { Command } from 'commander';
import { newCommand } from '../command.js';
import { queueCommand } from '../stand/queue.js';
import { showCommand } from '../stand/show.js';

/** `datenraffinerie stand …`: a test stand, with or without a scan. */
export function build(): Command {
  return newCommand('stand', 'a test stand: who uses it, who waits for it')
    .addCommand(showCommand())
    .addCommand(queueCommand());
}
