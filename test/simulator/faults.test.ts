import { describe, expect, test } from 'vitest';
import { EventSequence } from '../../src/domain/daq/event-sequence.js';
import { boardRun } from '../../src/simulator/chip/board.js';
import { faultHappens, parseFault, type Fault } from '../../src/simulator/faults.js';
import { RecordSource } from '../../src/simulator/record-source.js';
import { mapping } from '../support/plans/daq-procedure.js';
import { registersOf } from '../support/raw/chip-sample.js';

const runs = [...Array(1000).keys()];
const happening = (faults: readonly Fault[], seed = 1): number[] =>
  runs.filter((run) => faultHappens(faults, 'gap', seed, run));

describe('a fault', () => {
  test('happens in the runs given, or in a share of all runs that the seed decides', () => {
    expect(happening([{ name: 'gap', runs: [3, 8] }])).toEqual([3, 8]);
    expect(happening([{ name: 'stall', rate: 1 }])).toEqual([]);
    expect(happening([{ name: 'gap', rate: 1 }])).toEqual(runs);
    const some = happening([{ name: 'gap', rate: 0.1 }]);
    expect(some.length).toBeGreaterThan(70);
    expect(some.length).toBeLessThan(130);
    expect(happening([{ name: 'gap', rate: 0.1 }])).toEqual(some);
    expect(happening([{ name: 'gap', rate: 0.1 }], 2)).not.toEqual(some);
  });

  test('is read from NAME=RATE or NAME@RUN,RUN', () => {
    expect(parseFault('no-end=0.25')).toEqual({ name: 'no-end', rate: 0.25 });
    expect(parseFault('power@0,12')).toEqual({ name: 'power', runs: [0, 12] });
  });

  test.each(['fire=0.1', 'gap=1.5', 'gap', 'gap@1,,2', 'gap@0.5', 'gap=.'])('%s is none', (text) => {
    expect(() => parseFault(text)).toThrow(expect.objectContaining({ type: 'ConfigError' }));
  });
});

test('a run whose data repeat has the bytes of its first events again, under numbers that go on', () => {
  const board = boardRun({ seed: 1, chips: 2 }, registersOf(), mapping('{}'));
  const plan = { layout: 'split', faults: new Set<never>() } as const;
  const all = new RecordSource(board, { ...plan, distinctEvents: Infinity });
  const repeating = new RecordSource(board, { ...plan, distinctEvents: 64 });
  const bytes = (source: RecordSource, event: number): Buffer => Buffer.concat(source.records(event));
  expect(bytes(repeating, 63).equals(bytes(all, 63))).toBe(true);
  expect(bytes(all, 64).equals(bytes(all, 0))).toBe(false);
  const sequence = new EventSequence();
  for (let event = 0; event < 200; event++) sequence.check(bytes(repeating, event));
  expect(sequence.events).toBe(200);
  const again = bytes(repeating, 64);
  for (const record of [again, again.subarray(again.length / 2)]) record.writeUInt32LE(0);
  expect(again.equals(bytes(repeating, 0))).toBe(true);
});
