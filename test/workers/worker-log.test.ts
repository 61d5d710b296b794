import { describe, expect, it } from 'vitest';
import { formatEntry } from '../../src/workers/worker-log.js';

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
    expect(formatEntry({ level: 'WARN', message: 'Activity failed', timestampNanos, meta })).toBe(
      'WARN Activity failed workflowId=scan-1/daq/pedestal activityType=acquire attempt=2 error=no answer',
    );
  });

  it("leaves out the SDK's own normal life", () => {
    const meta = { sdkComponent: 'worker' };
    expect(formatEntry({ level: 'INFO', message: 'Worker state changed', timestampNanos, meta })).toBeUndefined();
    expect(formatEntry({ level: 'ERROR', message: 'Worker failed', timestampNanos, meta })).toBe('ERROR Worker failed');
  });
});
