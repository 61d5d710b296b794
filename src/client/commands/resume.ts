import type { Command } from 'commander';
import { messages } from '../../workflows/names.js';
import { signalCommand } from '../scan/send.js';

/** `datenraffinerie resume`: goes on with a paused scan. */
export function build(): Command {
  return signalCommand(messages.resume, 'go on with a paused scan', () => ({}));
}
