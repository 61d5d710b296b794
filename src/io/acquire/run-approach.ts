import { diffMap } from '../../domain/config/overlay.js';
import { eventsOf } from '../../domain/config/roots.js';
import type { ConfigMap } from '../../domain/config/value.js';
import type { RunTaken, StandRun } from '../../domain/daq/stand.js';
import type { AcquireWork, Candidate } from './acquire-job.js';
import type { RawSpool } from './raw-spool.js';

type ApproachParts = Pick<AcquireWork, 'plan' | 'use' | 'signal' | 'runStartTdcProcedure'>;

/** The way from what the stand holds to what a run needs: everything after a failure, else the difference. */
export class RunApproach {
  private lastRun = -2;
  /** The run that was told to the stand as following run `after`. */
  private announced: { readonly run: StandRun; readonly after: number } | undefined;

  constructor(private readonly parts: ApproachParts) {}

  /** Lets the stand get ready for the run that will follow the one in hand. */
  announce(inHand: Candidate, next: Candidate | undefined): void {
    if (next === undefined) return;
    const run = runOf(next, this.changes(next, inHand.run, inHand.state));
    this.announced = { run, after: inHand.run };
    this.parts.use.driver.prepare?.(run);
  }

  /** Brings the stand to where the run can begin. @returns the run with what is still to be sent */
  async reach(candidate: Candidate): Promise<StandRun> {
    const { plan, use, signal, runStartTdcProcedure } = this.parts;
    if (use.state === undefined) {
      await use.driver.begin({ defaultState: plan.defaultState, state: candidate.state, runStartTdcProcedure }, signal);
      return runOf(candidate, undefined);
    }
    const { announced } = this;
    if (announced?.run.index === candidate.run && announced.after === this.lastRun) return announced.run;
    return runOf(candidate, this.changes(candidate, this.lastRun, use.state));
  }

  /** Takes a run that was reached; what the stand holds is known again only when that has ended well. */
  async take(candidate: Candidate, run: StandRun, raw: RawSpool): Promise<RunTaken> {
    const { use, signal } = this.parts;
    use.state = undefined;
    const taken = await use.driver.takeRun(run, raw, signal);
    use.state = candidate.state;
    this.lastRun = candidate.run;
    return taken;
  }

  /** What must be sent for a run after the run `before`, which left the stand in `left`. */
  private changes({ run, state }: Candidate, before: number, left: ConfigMap): ConfigMap | undefined {
    return before === run - 1 ? this.parts.plan.send(run) : diffMap(left, state);
  }
}

function runOf({ run, state }: Candidate, send: ConfigMap | undefined): StandRun {
  return { index: run, state, send, events: eventsOf(state) };
}
