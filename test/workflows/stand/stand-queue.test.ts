import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LeaseRequest, QueueEdit, QueueEntry } from '../../../src/workflows/messages.js';
import { editProblem, editQueue, enqueue, nextInQueue } from '../../../src/workflows/stand/stand-queue.js';

function request(scan: string, more: Partial<LeaseRequest> = {}): LeaseRequest {
  const plain = { procedure: 'p', priority: 3, urgent: false, scanStarted: 0, network: null };
  return { holder: `${scan}/daq/p`, firstRunId: scan, scan, ...plain, ...more };
}

function queueOf(...requests: readonly LeaseRequest[]): QueueEntry[] {
  return requests.reduce<QueueEntry[]>((queue, entry) => enqueue(queue, entry), []);
}

function scans(queue: readonly QueueEntry[]): string {
  return queue.map(({ scan }) => scan).join(' ');
}

describe('a new request', () => {
  test('goes behind those that were there, ahead of less important ones, and behind urgent ones', () => {
    const [a, b] = [request('a', { scanStarted: 1 }), request('b', { scanStarted: 2 })];
    expect(scans(queueOf(a, b))).toBe('a b');
    expect(scans(queueOf(a, b, request('c', { priority: 1, scanStarted: 3 })))).toBe('c a b');
    const urgent = request('u', { urgent: true, priority: 5, scanStarted: 9 });
    expect(scans(queueOf(a, urgent, request('c', { priority: 1 })))).toBe('u c a');
  });

  test('of a scan that began earlier goes before waiting scans of the same priority', () => {
    const waiting = request('later', { scanStarted: 20 });
    expect(scans(queueOf(waiting, request('earlier', { scanStarted: 10 })))).toBe('earlier later');
  });

  test('that comes again changes nothing; the same id started anew is another holder', () => {
    const queue = queueOf(request('a'), request('b'));
    expect(enqueue(queue, request('a'))).toEqual(queue);
    expect(enqueue(queue, request('a', { firstRunId: 'again' }))).toHaveLength(3);
  });

  test('is served in an order that does not depend on the order of arrival', () => {
    const some = fc.uniqueArray(
      fc.record({ scan: fc.string(), priority: fc.integer({ min: 1, max: 5 }), urgent: fc.boolean() }),
      { selector: ({ scan }) => scan, maxLength: 12 },
    );
    const rank = (entry: LeaseRequest): number => (entry.urgent ? 0 : 10) + entry.priority;
    fc.assert(
      fc.property(some, (wishes) => {
        const queue = queueOf(...wishes.map(({ scan, ...more }, i) => request(scan, { ...more, scanStarted: i })));
        for (let i = 1; i < queue.length; i++) {
          const [before, after] = [queue[i - 1], queue[i]];
          expect(rank(before)).toBeLessThanOrEqual(rank(after));
          if (rank(before) === rank(after)) expect(before.scanStarted).toBeLessThan(after.scanStarted);
        }
        expect(queue).toHaveLength(wishes.length);
      }),
    );
  });
});

describe('an edit', () => {
  const queue = queueOf(request('a'), request('b', { scanStarted: 1 }), request('c', { scanStarted: 2 }));

  test('moves an entry, by the id of the scan or of the Well, at most to the end', () => {
    expect(scans(editQueue(queue, { action: 'move', id: 'c', position: 0 }))).toBe('c a b');
    expect(scans(editQueue(queue, { action: 'move', id: 'a/daq/p', position: 1 }))).toBe('b a c');
    expect(scans(editQueue(queue, { action: 'move', id: 'a', position: 99 }))).toBe('b c a');
  });

  test('puts on hold, so that the next one is served, and lets go again', () => {
    const held = editQueue(queue, { action: 'hold', id: 'a' });
    expect(nextInQueue(held)?.scan).toBe('b');
    expect(editQueue(held, { action: 'hold', id: 'a' })).toEqual(queue);
    expect(nextInQueue(held.map((entry) => ({ ...entry, held: true })))).toBeUndefined();
  });

  test('removes', () => {
    expect(scans(editQueue(queue, { action: 'remove', id: 'b' }))).toBe('a c');
  });

  test.each([
    [{ action: 'hold', id: 'x' }, "'x' is not waiting for this stand"],
    [{ action: 'move', id: 'a' }, 'move needs a position'],
    [{ action: 'move', id: 'a', position: -1 }, 'move needs a position'],
    [{ action: 'move', id: 'a', position: 0.5 }, 'move needs a position'],
    [{ action: 'swap', id: 'a' } as unknown as QueueEdit, "unknown action 'swap'"],
  ] satisfies [QueueEdit, string][])('%j is refused', (edit, problem) => {
    expect(editProblem(queue, edit)).toContain(problem);
  });
});
