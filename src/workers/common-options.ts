import type { WorkerOptions } from '@temporalio/worker';

/**
 * Heartbeats go out every second at most: the server gives an activity up 5 or 10 s after the last one, and a cancellation
 * comes with the answer to one. The SDK's own throttle would be 0.8 of the time-out.
 */
export const heartbeats = {
  maxHeartbeatThrottleInterval: '1s',
  defaultHeartbeatThrottleInterval: '1s',
} as const satisfies Partial<WorkerOptions>;
