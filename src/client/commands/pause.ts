import type { Command } from 'commander';
import { messages } from '../../workflows/names.js';
import { signalCommand } from '../scan/send.js';

/** `datenraffinerie pause`: between two runs, for as long as wanted. */
export function build(): Command {
  return signalCommand(messages.pause, 'pause a scan after the run in hand', ({ release }) => ({
    release: release === true,
  })).option('--release', 'let others use the stand meanwhile');
}
