/** What of a procedure's progress says how long it still takes. */
interface Counted {
  readonly state: string;
  readonly runs: number;
  readonly acquired: number;
  readonly secondsLeft?: number;
}

/**
 * Seconds that acquisition still takes, as long as runs are taken: procedures that have not begun count with the rate of
 * the one in work.
 */
export function timeLeft(procedures: readonly Counted[]): { readonly secondsLeft?: number } {
  const inWork = procedures.find(({ secondsLeft }) => secondsLeft !== undefined);
  if (inWork?.secondsLeft === undefined) return {};
  const rate = inWork.secondsLeft / Math.max(1, runsLeft(inWork));
  const seconds = procedures.map((each) => each.secondsLeft ?? rate * runsLeft(each));
  return { secondsLeft: Math.round(seconds.reduce((sum, each) => sum + each, 0)) };
}

function runsLeft({ state, runs, acquired }: Counted): number {
  const isOver = state === 'done' || state === 'failed' || state === 'aborted';
  return isOver ? 0 : Math.max(0, runs - acquired);
}
