import { log } from '@temporalio/activity';
import type { Notice } from '../domain/scan/notice.js';
import { notify } from '../io/processes/notify.js';

const deadlineMs = 10_000;

/** Telling people. */
export interface NotifyActivities {
  /** Hands the notice to the hook, where there is one; a hook that fails is logged and nothing else. */
  notify(notice: Notice): Promise<void>;
}

/** @param hook command or URL, undefined where nobody wants to be told */
export function createNotifyActivities(hook: string | undefined): NotifyActivities {
  return {
    notify: async (notice) => {
      if (hook === undefined) return;
      try {
        await notify(hook, notice, deadlineMs);
      } catch (error) {
        log.warn(`${notice.event}: nobody was told`, { error });
      }
    },
  };
}
