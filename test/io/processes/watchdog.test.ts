import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { patienceSeconds, startWatchdog } from '../../../src/io/processes/watchdog.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a worker that beats is left alone; one that falls silent is reported once', () => {
  const onSilence = vi.fn();
  const watchdog = startWatchdog(onSilence);
  for (let second = 0; second < 60; second++) {
    watchdog.hear();
    vi.advanceTimersByTime(1000);
  }
  expect(onSilence).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000 * (patienceSeconds - 1));
  expect(onSilence).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(onSilence).toHaveBeenCalledTimes(1);
});

test('a watchdog that was stopped says nothing', () => {
  const onSilence = vi.fn();
  startWatchdog(onSilence).stop();
  vi.advanceTimersByTime(60_000);
  expect(onSilence).not.toHaveBeenCalled();
});
