import { isCancellation, log } from '@temporalio/workflow';
import type { Waiting } from '../../domain/scan/notes.js';
import type { ScanContext } from '../../domain/scan/tasks.js';
import { meeting } from '../activities.js';

/**
 * Asks once whether a stand is there, so that a wrong address is told before anything else. Nothing should wait for the
 * answer: all runs may be on disk, and a stand may be switched on later.
 * @returns what is missing, where it is known to be
 */
export async function meetStand({ stand, network }: ScanContext): Promise<Waiting | undefined> {
  if (network === null) return undefined;
  const since = new Date().toISOString();
  try {
    const met = await meeting(stand).meetStand.executeWithOptions({ summary: 'is the stand there' }, [{ network }]);
    return met === null ? undefined : { kind: 'link', ...met, since };
  } catch (error) {
    if (!isCancellation(error)) log.info('whether the stand is there is not known', { error });
    return undefined;
  }
}
