import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { abortOnInterrupt, onInterrupt } from '../../src/client/interrupt.js';

const signals = ['SIGINT', 'SIGTERM'] as const;
const listeners = (): number[] => signals.map((signal) => process.listenerCount(signal));
const before = listeners();

describe('Ctrl-C and SIGTERM', () => {
  // with no listener of ours they end the process as usual
  afterEach(() => expect(listeners()).toEqual(before));

  it('are told every time, until that is stopped', () => {
    let told = 0;
    const stop = onInterrupt(() => void told++);
    for (const signal of [...signals, ...signals]) process.emit(signal);
    stop();
    expect(told).toBe(4);
  });

  it('abort a signal, and end the process when they come once more', () => {
    const { signal, stop } = abortOnInterrupt();
    onTestFinished(stop);
    expect(signal.aborted).toBe(false);
    process.emit('SIGINT');
    expect(signal).toMatchObject({ aborted: true, reason: new Error('interrupted') });
    expect(process.listenerCount('SIGINT')).toBe(before[0]);
    process.emit('SIGTERM');
    expect(listeners()).toEqual(before);
  });

  it('end the process as usual where nobody waits for them any more', () => {
    const { signal, stop } = abortOnInterrupt();
    stop();
    expect(listeners()).toEqual(before);
    expect(signal.aborted).toBe(false);
  });
});
