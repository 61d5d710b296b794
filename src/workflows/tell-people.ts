import { log } from '@temporalio/workflow';
import type { Notice } from '../domain/scan/notice.js';
import { hook } from './activities.js';

/** Tells people; whatever becomes of it, the scan goes on. */
export async function tellPeople(notice: Notice): Promise<void> {
  try {
    await hook.notify(notice);
  } catch (error) {
    log.warn('nobody was told', { event: notice.event, error });
  }
}
