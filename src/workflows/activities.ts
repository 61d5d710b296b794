import { proxyActivities } from '@temporalio/workflow';
import type { AnalyseActivities } from '../activities/analyse.js';
import type { AcquireActivities } from '../activities/acquire.js';
import type { ConfigurationActivities } from '../activities/configuration.js';
import type { NotifyActivities } from '../activities/notify.js';
import type { SearchAttributeActivities } from '../activities/search-attributes.js';
import type { ProcessActivities } from '../activities/process.js';
import type { StandActivities } from '../activities/stand.js';
import type { PollerActivities } from '../activities/pollers.js';
import type { PingActivities, PingAnswer } from '../activities/ping.js';
import { analysisQueue, daqQueue, processingQueue, workflowQueue } from './names.js';

/** The workflow goes on only when the activity has really ended: the run in hand is saved, children are gone. */
const wait = { cancellationType: 'WAIT_CANCELLATION_COMPLETED' } as const;

/** Where the part merely died it goes on at once; a growing back-off would make the hardware wait. */
const steadyRetry = { initialInterval: '1 second', backoffCoefficient: 1 } as const;

/** Reading configuration, opening and closing a scan: light, by the workflow worker itself. */
export const configuration = proxyActivities<Omit<ConfigurationActivities, 'keepFolder'>>({
  taskQueue: workflowQueue,
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { ...steadyRetry, maximumInterval: '10 seconds' },
});

/** A question to the server, before a scan begins. */
export const lookingUp = proxyActivities<SearchAttributeActivities>({
  taskQueue: workflowQueue,
  startToCloseTimeout: '10 seconds',
  retry: steadyRetry,
});

/** Saying that a scan lives: for as long as it does. */
export const keeping = proxyActivities<Pick<ConfigurationActivities, 'keepFolder'>>({
  taskQueue: workflowQueue,
  startToCloseTimeout: '365 days',
  heartbeatTimeout: '15 seconds',
  retry: steadyRetry,
  cancellationType: 'TRY_CANCEL',
});

/** Asking for the stand: one message to the server. What an attempt says that is given up is said again. */
export const asking = proxyActivities<Pick<StandActivities, 'requestLease'>>({
  taskQueue: workflowQueue,
  startToCloseTimeout: '10 seconds',
  retry: steadyRetry,
});

/** Watching who has the stand. A watcher lives as long as its holder: a year is "for ever". */
export const standKeeping = proxyActivities<Pick<StandActivities, 'watchHolder'>>({
  taskQueue: workflowQueue,
  startToCloseTimeout: '365 days',
  heartbeatTimeout: '10 seconds',
  retry: steadyRetry,
  cancellationType: 'TRY_CANCEL',
});

/**
 * Driving the stand. No schedule-to-start time-out: a scan waits for its daq worker to come back. Heartbeats every
 * second, time-out 5 s: a dead worker is noticed, and replaced, within seconds. Where somebody else has the stand's lock
 * it is the Well that tries again: it can say so.
 */
export function stand(name: string): ReturnType<typeof proxyActivities<AcquireActivities>> {
  return proxyActivities<AcquireActivities>({
    taskQueue: daqQueue(name),
    startToCloseTimeout: '7 days',
    heartbeatTimeout: '5 seconds',
    ...wait,
    retry: { ...steadyRetry, nonRetryableErrorTypes: ['BusyError'] },
  });
}

/** Asking whether a stand is there: not worth waiting for. */
export function meeting(name: string): ReturnType<typeof proxyActivities<AcquireActivities>> {
  return proxyActivities<AcquireActivities>({
    taskQueue: daqQueue(name),
    startToCloseTimeout: '15 seconds',
    scheduleToCloseTimeout: '30 seconds',
    retry: { maximumAttempts: 2 },
  });
}

/** Stop, reset, check: given up after five minutes, since the next holder begins with a reset anyway. */
export function cleanUp(name: string): ReturnType<typeof proxyActivities<AcquireActivities>> {
  return proxyActivities<AcquireActivities>({
    taskQueue: daqQueue(name),
    startToCloseTimeout: '1 minute',
    scheduleToCloseTimeout: '5 minutes',
    heartbeatTimeout: '5 seconds',
    ...wait,
    retry: steadyRetry,
  });
}

/** CPU-bound work on raw files and tables, in worker threads of the processing worker. */
export const processing = proxyActivities<ProcessActivities>({
  taskQueue: processingQueue,
  startToCloseTimeout: '7 days',
  heartbeatTimeout: '10 seconds',
  ...wait,
  retry: { ...steadyRetry, maximumAttempts: 100 },
});

/** A report that cannot be written is a pity, not a failed scan: tried a few times only. Makes partial tables, too. */
export const reporting = proxyActivities<ProcessActivities>({
  taskQueue: processingQueue,
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '10 seconds',
  ...wait,
  retry: { ...steadyRetry, maximumAttempts: 3 },
});

/** A user's analysis; its own time limit is the activity's matter. */
export const analysis = proxyActivities<AnalyseActivities>({
  taskQueue: analysisQueue,
  startToCloseTimeout: '7 days',
  heartbeatTimeout: '10 seconds',
  ...wait,
  retry: { ...steadyRetry, maximumAttempts: 100 },
});

/** Whether analyses can be made: seconds; one that cannot be tried is no hindrance. */
export const trying = proxyActivities<Pick<AnalyseActivities, 'tryAnalyses'>>({
  taskQueue: analysisQueue,
  scheduleToStartTimeout: '20 seconds', // whoever is busy with other analyses is not waited for
  startToCloseTimeout: '25 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { ...steadyRetry, maximumAttempts: 3 },
});

/** Telling people: tried again only where the worker died over it, and never for long. */
export const hook = proxyActivities<NotifyActivities>({
  taskQueue: workflowQueue,
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '1 minute',
  retry: { ...steadyRetry, maximumAttempts: 3 },
});

/** Whether workers are there, as the server knows. Waiting for them may take a weekend. */
export const polling = proxyActivities<PollerActivities>({
  taskQueue: workflowQueue,
  startToCloseTimeout: '365 days',
  heartbeatTimeout: '15 seconds',
  retry: steadyRetry,
  cancellationType: 'TRY_CANCEL',
});

/** Is anybody there? Fails within five seconds where no worker polls the queue. */
export function ping(queue: string): Promise<PingAnswer> {
  const { ping: ask } = proxyActivities<PingActivities>({
    taskQueue: queue,
    scheduleToStartTimeout: '5 seconds',
    startToCloseTimeout: '5 seconds',
    retry: { maximumAttempts: 1 },
  });
  return ask();
}
