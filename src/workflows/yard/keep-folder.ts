import { rootCause } from '@temporalio/common';
import { CancellationScope, isCancellation, log } from '@temporalio/workflow';
import type { ScanContext } from '../../domain/scan/tasks.js';
import { keeping } from '../activities.js';
import { abortScan } from './commands.js';
import type { Yard } from './yard.js';

/**
 * Lets an activity say, beside the output folder, that the scan lives, until the folder is closed: also while the scan is
 * paused or being cancelled. A scan whose folder was taken from it ends.
 */
export function keepFolder(yard: Yard, context: ScanContext): void {
  const scope = new CancellationScope();
  const summary = 'say that the scan lives';
  yard.keeping = scope;
  void scope
    .run(() => keeping.keepFolder.executeWithOptions({ summary }, [context]))
    .catch((error: unknown) => (isCancellation(error) ? undefined : loseFolder(yard, error)));
}

async function loseFolder(yard: Yard, error: unknown): Promise<void> {
  yard.lost = rootCause(error) ?? String(error);
  log.error('the scan has lost its folder', { reason: yard.lost });
  await abortScan(yard, { process: false });
}
