import { condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { asking } from '../activities.js';
import { isLong } from '../history.js';
import type { BenchLeaseInput, BenchLeaseState, LeaseRequest } from '../messages.js';
import { standWorkflowId } from '../names.js';
import {
  benchLeaseQuery,
  endBenchLeaseSignal,
  leaseGrantedSignal,
  leaseRefusedSignal,
  releaseLeaseSignal,
  renewBenchLeaseSignal,
  waitingForSignal,
  yieldLeaseSignal,
} from '../definitions.js';
import { tell } from '../tell.js';

/** Its client tells four times as often that it lives. */
const expiry = '20 seconds';

/**
 * Stands for a command at the bench, which is no workflow and so could not be watched, in the queue of a stand: asks
 * for the lease and holds it for as long as its client says again and again that it lives.
 */
export async function benchLease(input: BenchLeaseInput): Promise<void> {
  const state: { -readonly [Name in keyof BenchLeaseState]: BenchLeaseState[Name] } = { ...input.state };
  let ended = false;
  let renewed = 0;
  setHandler(benchLeaseQuery, () => state);
  setHandler(renewBenchLeaseSignal, () => void renewed++);
  setHandler(endBenchLeaseSignal, () => void (ended = true));
  setHandler(leaseGrantedSignal, () => void (state.granted = true));
  setHandler(leaseRefusedSignal, (reason) => void (state.refused = reason));
  setHandler(waitingForSignal, (what) => void (state.waitingFor = what));
  setHandler(yieldLeaseSignal, () => undefined); // it is done in a moment
  if (input.state === undefined) await asking.requestLease({ stand: input.stand, request: requestOf(input) });
  for (;;) {
    const seen = renewed;
    const lives = await condition(() => ended || renewed > seen, expiry);
    if (!lives || ended) break;
    if (isLong()) await continueAsNew<typeof benchLease>({ ...input, state });
  }
  await tell(standWorkflowId(input.stand), releaseLeaseSignal, workflowInfo().workflowId);
}

/** A client that is gone leaves nothing that runs: no stand has to be made quiet, so no network. */
function requestOf({ what, priority, urgent, operator }: BenchLeaseInput): LeaseRequest {
  const { workflowId, firstExecutionRunId, runStartTime } = workflowInfo();
  return {
    holder: workflowId,
    firstRunId: firstExecutionRunId,
    scan: workflowId,
    procedure: what,
    priority,
    urgent,
    scanStarted: runStartTime.getTime(),
    network: null,
    ...(operator === undefined ? {} : { operator }),
  };
}
