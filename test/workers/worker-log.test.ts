import { describe, expect, it } from 'vitest';
import { entryFormatter } from '../../src/workers/worker-log.js';

const timestampNanos = 0n;

describe("a worker's log", () => {
  it('is a line with what identifies the activity and the first line of the error', () => {
    const meta = {
      sdkComponent: 'activity',
      workflowId: 'scan-1/daq/pedestal',
      activityType: 'acquire',
      attempt: 2,
      namespace: 'default',
      error: new Error('no answer\nat somewhere'),
    };
    const format = entryFormatter(() => 0);
    expect(format({ level: 'WARN', message: 'Activity failed', timestampNanos, meta })).toBe(
      'WARN Activity failed workflowId=scan-1/daq/pedestal activityType=acquire attempt=2 error=no answer',
    );
  });

  it("leaves out the SDK's own normal life", () => {
    const meta = { sdkComponent: 'worker' };
    const format = entryFormatter(() => 0);
    expect(format({ level: 'INFO', message: 'Worker state changed', timestampNanos, meta })).toBeUndefined();
    expect(format({ level: 'ERROR', message: 'Worker failed', timestampNanos, meta })).toBe('ERROR Worker failed');
  });

  it('says once a minute that the server does not answer', () => {
    let now = 0;
    const format = entryFormatter(() => now);
    const message = 'gRPC call poll_activity_task_queue retried 6 times';
    const entry = { level: 'WARN', message, timestampNanos, meta: { sdkComponent: 'core' } } as const;
    expect(format(entry)).toContain('does not answer');
    now = 59_000;
    expect(format(entry)).toBeUndefined();
    now = 60_000;
    expect(format(entry)).toContain('does not answer');
  });
});
