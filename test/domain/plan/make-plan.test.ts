import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freezeProcedure, thawDaqProcedure } from '../../../src/domain/config/reading/freeze.js';
import { diffMap, overlay, updateMap } from '../../../src/domain/config/overlay.js';
import type { AxisSpec, PointOrder } from '../../../src/domain/config/procedure.js';
import type { ConfigMap, ConfigValue, Key } from '../../../src/domain/config/value.js';
import { ConfigError } from '../../../src/domain/errors.js';
import { makePlan } from '../../../src/domain/plan/make-plan.js';
import { daqProcedure, mapping } from '../../support/plans/daq-procedure.js';

const board = `
target:
  roc_s0: {ReferenceVoltage: {0: {Calib: 0, Toa_vref: 112}, 1: {Calib: 0, Toa_vref: 112}}, Top: {0: {phase_strobe: 0}}, ch: {0: {HighRange: 0}, 1: {HighRange: 0}}}
daq: {NEvents: 100, list: [{name: A, enable: 0}, {name: B, enable: 0}]}
`;

const registers: readonly (readonly Key[])[] = [
  ['target', 'roc_s0', 'ReferenceVoltage', 0, 'Calib'],
  ['target', 'roc_s0', 'ReferenceVoltage', 1, 'Calib'],
  ['target', 'roc_s0', 'Top', 0, 'phase_strobe'],
  ['target', 'roc_s0', 'ch', 0, 'HighRange'],
  ['target', 'roc_s0', 'ch', 1, 'new_parameter'],
  ['target', 'roc_s1', 'ch', 1, 'HighRange'],
  ['daq', 'NEvents'],
];
const values = fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 4 });
const keyAxis: fc.Arbitrary<AxisSpec> = fc
  .tuple(fc.uniqueArray(fc.constantFrom(...registers), { minLength: 1, maxLength: 3, selector: String }), values)
  .map(([paths, list]) => ({ kind: 'key', name: String(paths[0].at(-1)), paths, values: list }));
const patch: fc.Arbitrary<ConfigMap> = fc.constantFrom(
  ...[
    '{}',
    '{target: {roc_s0: {ch: {0: {HighRange: 1}}}}}',
    '{daq: {list: [{enable: 1}, {}]}}',
    '{target: {roc_s0: {Top: 7}}}',
    '{daq: {NEvents: 5}}',
    '{target: {roc_s1: {}}}',
  ].map(mapping),
);
const patchAxis: fc.Arbitrary<AxisSpec> = fc
  .tuple(fc.array(patch, { minLength: 1, maxLength: 3 }), patch)
  .map(([patches, defaults]) => ({ kind: 'patch', name: 'p', patches, defaults, values: patches.map((_, i) => i) }));
const zipAxis: fc.Arbitrary<AxisSpec> = fc
  .tuple(keyAxis, keyAxis)
  .map(([a, b]): AxisSpec[] => [a, b])
  .filter(([a, b]) => a.kind === 'key' && b.kind === 'key' && a.values.length === b.values.length)
  .map((members) => ({ kind: 'zip', name: 'z', members }));
const order: fc.Arbitrary<PointOrder> = fc.oneof(
  fc.constantFrom<PointOrder>({ kind: 'linear' }, { kind: 'snake' }),
  fc.integer().map((seed): PointOrder => ({ kind: 'shuffle', seed })),
);
const procedures = fc
  .record({
    axes: fc.array(fc.oneof(keyAxis, patchAxis, zipAxis), { maxLength: 3 }),
    order,
    repeat: fc.integer({ min: 1, max: 2 }),
    init: fc.constantFrom('{}', '{target: {roc_s0: {ch: {0: {HighRange: 1}}}}}'),
  })
  .map((parts) => daqProcedure({ ...parts, defaults: board, allowNewParameters: true }));

/** Key of a configuration however it came about: as the default state of a procedure without axes. */
function keyOfState(state: ConfigMap, repeatIndex: number): string {
  const single = daqProcedure({ defaults: '{}', repeat: repeatIndex + 1 });
  return makePlan({ ...single, defaultState: reordered(state) as ConfigMap }).key(repeatIndex);
}

/** The same configuration with its keys the other way round. */
function reordered(value: ConfigValue): ConfigValue {
  if (!(value instanceof Map)) return value;
  return new Map([...(value as ConfigMap)].reverse().map(([key, member]) => [key, reordered(member)]));
}

describe('makePlan', () => {
  it('run keys depend on the content of the full configuration alone', () => {
    fc.assert(
      fc.property(procedures, (procedure) => {
        const plan = makePlan(procedure);
        for (let run = 0; run < plan.runs; run += 3) {
          expect(plan.key(run)).toBe(keyOfState(plan.state(run), plan.repeatOf(run)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('what is sent, laid on the state before, gives the values of the next; access is random', () => {
    fc.assert(
      fc.property(procedures, (procedure) => {
        const [plan, other] = [makePlan(procedure), makePlan(procedure)];
        const backwards = Array.from({ length: plan.runs }, (_, index) => plan.runs - 1 - index);
        const sent = new Map(backwards.map((run) => [run, other.send(run)]));
        let before = plan.startState;
        for (let run = 0; run < plan.runs; run++) {
          const state = updateMap(plan.startState, plan.patch(run));
          expect(plan.state(run)).toEqual(state);
          expect(plan.send(run)).toEqual(diffMap(before, state));
          expect(sent.get(run)).toEqual(plan.send(run));
          before = state;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('every order takes every point once in each repeat', () => {
    fc.assert(
      fc.property(procedures, (procedure) => {
        const [plan, linear] = [makePlan(procedure), makePlan({ ...procedure, order: { kind: 'linear' }, repeat: 1 })];
        const keys = (count: number, of: typeof plan) =>
          Array.from({ length: count }, (_, run) => JSON.stringify([...of.axisValues(run)]));
        const once = keys(plan.runs / plan.repeat, plan);
        expect([...once].sort()).toEqual(keys(linear.runs, linear).sort());
        expect(keys(plan.runs, plan)).toEqual(Array.from({ length: plan.repeat }, () => once).flat());
      }),
      { numRuns: 200 },
    );
  });

  it('a frozen procedure gives the very same plan', () => {
    fc.assert(
      fc.property(procedures, (procedure) => {
        const plan = makePlan(procedure, [], { board: 'LD 7' });
        const thawed = makePlan(thawDaqProcedure(freezeProcedure(procedure)), [], { board: 'LD 7' });
        expect(thawed.axes).toEqual(plan.axes);
        expect(thawed.runs).toBe(plan.runs);
        for (let run = 0; run < plan.runs; run++) {
          expect(thawed.key(run)).toBe(plan.key(run));
          expect(thawed.state(run)).toEqual(plan.state(run));
          expect(thawed.axisValues(run)).toEqual(plan.axisValues(run));
        }
      }),
      { numRuns: 100 },
    );
  });

  const axis = (name: string, values: number[]): AxisSpec => ({ kind: 'key', name, paths: [['daq', name]], values });
  const sequence = (kind: 'linear' | 'snake') => {
    const plan = makePlan(
      daqProcedure({
        defaults: 'daq: {this: 0, that: 0}',
        axes: [axis('this', [0, 1, 2, 3]), axis('that', [0, 1, 2])],
        order: { kind },
      }),
    );
    return Array.from({ length: plan.runs }, (_, run) => [...plan.axisValues(run).values()].join(','));
  };

  it('the first axis varies slowest', () => {
    expect(sequence('linear')).toEqual([
      '0,0',
      '0,1',
      '0,2',
      '1,0',
      '1,1',
      '1,2',
      '2,0',
      '2,1',
      '2,2',
      '3,0',
      '3,1',
      '3,2',
    ]);
  });

  it('a snake turns back instead of jumping back', () => {
    expect(sequence('snake')).toEqual([
      '0,0',
      '0,1',
      '0,2',
      '1,2',
      '1,1',
      '1,0',
      '2,0',
      '2,1',
      '2,2',
      '3,2',
      '3,1',
      '3,0',
    ]);
  });

  it('template defaults are below the patches of all axes', () => {
    const template: AxisSpec = {
      kind: 'patch',
      name: 'channel',
      patches: [0, 1].map((channel) => mapping(`target: {roc_s0: {ch: {${channel}: {HighRange: 1}}}}`)),
      defaults: mapping('target: {roc_s0: {ch: {0: {HighRange: 0}, 1: {HighRange: 0}}}}'),
      values: [0, 1],
    };
    const plan = makePlan(daqProcedure({ defaults: board, axes: [template] }));
    expect(plan.patch(0)).toEqual(overlay([template.defaults, template.patches[0]]));
    expect(plan.send(1)).toEqual(mapping('target: {roc_s0: {ch: {0: {HighRange: 0}, 1: {HighRange: 1}}}}'));
  });

  it('board, repeat and the TDC procedure are part of the key', () => {
    const procedure = daqProcedure({ defaults: board, repeat: 2 });
    const keys = [
      makePlan(procedure).key(0),
      makePlan(procedure).key(1),
      makePlan(procedure, [], { board: 'a' }).key(0),
      makePlan(procedure, [], { board: 'b' }).key(0),
      makePlan({ ...procedure, runStartTdcProcedure: true }).key(0),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => /^[0-9a-f]{64}$/.test(key))).toBe(true);
  });

  it('calibrations are laid on init in order, and must fit the default', () => {
    const procedure = daqProcedure({ defaults: board, init: '{target: {roc_s0: {Top: {0: {phase_strobe: 1}}}}}' });
    const calibrations = ['2', '3'].map((value) => mapping(`{target: {roc_s0: {Top: {0: {phase_strobe: ${value}}}}}}`));
    expect(makePlan(procedure, calibrations).startState).toEqual(
      updateMap(procedure.defaultState, mapping('{target: {roc_s0: {Top: {0: {phase_strobe: 3}}}}}')),
    );
    const wrong = () => makePlan(procedure, [mapping('{target: {roc_s0: {Top: {0: {phase_strob: 3}}}}}')]);
    expect(wrong).toThrow(ConfigError);
    expect(wrong).toThrow(/phase_strob'[\s\S]*did you mean 'target\.roc_s0\.Top\.0\.phase_strobe'/);
  });

  it('a run that is none is an error', () => {
    const plan = makePlan(daqProcedure({ defaults: board }));
    expect(() => plan.patch(1)).toThrow(RangeError);
    expect(() => plan.key(-1)).toThrow(RangeError);
  });
});
