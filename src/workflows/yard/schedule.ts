import { condition } from '@temporalio/workflow';
import { hindrance, isReady, type Yard, type YardEntry } from './yard.js';

/**
 * Begins every procedure as soon as its turn has come, or can no longer come.
 * @param run what a procedure does from then on
 * @throws what `run` or the scan's cancellation threw first, when all that was begun has ended: a cancelled scan gives
 *   its folder free only then
 */
export async function runInTurn(yard: Yard, run: (entry: YardEntry) => Promise<void>): Promise<void> {
  const errors: unknown[] = [];
  const keep = (error: unknown): void => void errors.push(error);
  const running: Promise<void>[] = [];
  let waiting: readonly YardEntry[] = yard.entries;
  const isDue = dueNow(yard);
  const scheduling = async (): Promise<void> => {
    while (waiting.length > 0) {
      await condition(() => waiting.some(isDue));
      // all that are due are found before the first begins: the order that histories have
      const due = new Set(waiting.filter(isDue));
      waiting = waiting.filter((entry) => !due.has(entry));
      for (const entry of due) running.push(run(entry).catch(keep));
    }
  };
  await scheduling().catch(keep);
  await Promise.all(running);
  if (errors.length > 0) throw errors[0];
}

/** Looks from where it looked last: who has finished with the stand never needs it again. */
function dueNow(yard: Yard): (entry: YardEntry) => boolean {
  let turn = 0;
  const isFree = (entry: YardEntry | undefined): boolean =>
    entry !== undefined && (entry.acquired || entry.failure !== undefined);
  return (entry) => {
    while (isFree(yard.entries[turn])) turn++;
    return yard.aborted !== null || hindrance(entry) !== undefined || isReady(yard, entry, turn);
  };
}
