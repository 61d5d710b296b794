import type { Command } from 'commander';
import { action, exit, newCommand } from '../command.js';
import { fromWorkflowFailure } from '../failure.js';
import { liveProgress } from '../scan/live-progress.js';
import { formatBars } from '../text/progress-bars.js';
import { canvasOf } from '../text/progress-view.js';
import { failureOf, scanId, withClient } from '../scan/scans.js';

/** `datenraffinerie status`: what a scan does now, or did in the end. */
export function build(): Command {
  return newCommand('status', 'progress of a scan')
    .argument('[id]', 'the scan; may be left out where one runs')
    .option('--json', 'as JSON')
    .action(action(status));
}

function status(given: string | undefined, { json }: { readonly json?: boolean }): Promise<number> {
  return withClient(async (client) => {
    const id = await scanId(client, given);
    try {
      const progress = await liveProgress(client, id);
      const failure = await failureOf(client, id);
      if (json === true) process.stdout.write(`${JSON.stringify({ ...progress, ...failure }, null, 2)}\n`);
      else
        process.stdout.write(
          `${formatBars(progress, { ...canvasOf(process.stdout), rows: Infinity })}\n${failure.failure === undefined ? '' : `${failure.failure}\n`}`,
        );
    } catch (error) {
      throw fromWorkflowFailure(error, id);
    }
    return exit.done;
  });
}
