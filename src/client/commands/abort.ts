import type { Command } from 'commander';
import { messages } from '../../workflows/names.js';
import { signalCommand } from '../scan/send.js';

/** `datenraffinerie abort`: ends a scan after the run in hand; what was measured stays. */
export function build(): Command {
  return signalCommand(messages.abort, 'end a scan after the run in hand; what was measured stays', ({ process }) => ({
    process: process !== false,
  })).option('--no-process', 'do not process what was measured');
}
