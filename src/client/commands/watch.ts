import type { Command } from 'commander';
import { action, newCommand } from '../command.js';
import { followInteractively } from '../scan/follow-interactively.js';
import { scanId, withClient } from '../scan/scans.js';

/** `datenraffinerie watch`: follows a scan that was started elsewhere. */
export function build(): Command {
  return newCommand('watch', 'follow a scan to its end')
    .argument('[id]', 'the scan; may be left out where one runs')
    .action(
      action((id: string | undefined) =>
        withClient(async (client) => followInteractively(client, await scanId(client, id))),
      ),
    );
}
