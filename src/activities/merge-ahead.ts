import { originOf, type MergeOutcome, type MergeTask } from '../domain/scan/tasks.js';
import { loadDaqProcedure } from '../io/configuration/frozen-procedure.js';
import { mergeAhead } from '../io/merge/merge-ahead.js';
import { beating } from './heartbeat.js';
import { watchForLastCall } from './stopping.js';

/** They mostly wait; no more of them at a time, or they would keep `process` out of the worker's slots. */
const atMost = 4;

/** The activity `mergeAhead` of one worker. */
export function createMergeAhead(): (task: MergeTask) => Promise<MergeOutcome | null> {
  let running = 0;
  return async (task) => {
    if (running >= atMost) return null;
    running++;
    const heart = { run: 0 };
    const { lastCall, signal, end } = watchForLastCall();
    try {
      return await beating(task.context, heart, async () => {
        const loaded = await loadDaqProcedure(task.file, originOf(task.context));
        return mergeAhead(task, { loaded, signal, lastCall, onRun: (run) => void (heart.run = run) });
      });
    } finally {
      end();
      running--;
    }
  };
}
