import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListLengthError, diff, equal, overlay, update, updateMap } from '../../../src/domain/config/overlay.js';
import { isList, isMap, type ConfigMap, type ConfigValue, type Key } from '../../../src/domain/config/value.js';
import { parseYaml } from '../../../src/domain/config/yaml/yaml.js';

const key = fc.constantFrom<Key>('a', 'b', 0, 1, '0');
const leaf = fc.constantFrom<ConfigValue>(0, 1, 2.5, 'x', true, null);
/** Configurations whose lists all have two elements, so that every overlay is allowed. */
const value: fc.Memo<ConfigValue> = fc.memo((depth) =>
  depth <= 1 ? leaf : fc.oneof(leaf, fc.tuple(value(depth - 1), value(depth - 1)), map(depth)),
);
const map = (depth: number): fc.Arbitrary<ConfigMap> =>
  fc.array(fc.tuple(key, value(depth - 1)), { maxLength: 4 }).map((pairs) => new Map(pairs));

/** Every value of b is in a. */
function contains(a: ConfigValue | undefined, b: ConfigValue): boolean {
  if (isMap(b)) return isMap(a) && [...b].every(([name, member]) => contains(a.get(name), member));
  if (isList(b)) return isList(a) && a.length === b.length && b.every((member, index) => contains(a[index], member));
  return a !== undefined && equal(a, b);
}

describe('update and diff', () => {
  it('laying the difference on a gives every value of b', () => {
    fc.assert(
      fc.property(map(4), map(4), (a, b) => {
        const difference = diff(a, b);
        expect(contains(difference === undefined ? a : update(a, difference), b)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('there is no difference where b is a part of a, and only there', () => {
    fc.assert(
      fc.property(map(4), map(4), (a, b) => {
        expect(diff(updateMap(a, b), a.size === 0 ? b : updateMap(a, b))).toBeUndefined();
        if (diff(a, b) === undefined) expect(contains(a, b)).toBe(true);
        if (!contains(a, b)) expect(diff(a, b)).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('an overlay has every value of what was laid on, and the keys below', () => {
    fc.assert(
      fc.property(map(4), map(4), (a, b) => {
        const merged = updateMap(a, b);
        expect([...a.keys()].every((name) => merged.has(name))).toBe(true);
        expect(contains(merged, diff(a, merged) ?? new Map())).toBe(true);
        expect(updateMap(merged, b)).toEqual(merged);
      }),
    );
  });

  it('neither changes its arguments, and shares what it leaves as it is', () => {
    const a = parseYaml('x: {y: 1}\nz: {w: [1, 2]}\n') as ConfigMap;
    const b = parseYaml('x: {y: 2}\n') as ConfigMap;
    const merged = updateMap(a, b);
    expect(a).toEqual(parseYaml('x: {y: 1}\nz: {w: [1, 2]}\n'));
    expect(merged.get('z')).toBe(a.get('z'));
    expect(updateMap(a, a)).toBe(a);
    expect(updateMap(a, parseYaml('x: {y: 1}') as ConfigMap)).toBe(a);
  });

  it.each([
    ['{a: 1, b: 2}', '{a: 2}', '{a: 2, b: 2}'],
    ['{a: {x: 1}}', '{a: 5}', '{a: 5}'],
    ['{a: 5}', '{a: {x: 1}}', '{a: {x: 1}}'],
    ['{l: [{n: A, e: 0}, {n: B, e: 0}]}', '{l: [{e: 1}, {}]}', '{l: [{n: A, e: 1}, {n: B, e: 0}]}'],
    ['{0: a}', '{"0": b}', '{0: a, "0": b}'],
    ['{}', '{a: {b: {c: 1}}}', '{a: {b: {c: 1}}}'],
  ])('update(%s, %s) is %s', (a, b, merged) => expect(update(parseYaml(a), parseYaml(b))).toEqual(parseYaml(merged)));

  it.each([
    ['{a: 1, b: {c: 2, f: 4}, e: 3}', '{a: 2, b: {c: 3, f: 4}, e: 3, g: 4}', '{a: 2, b: {c: 3}, g: 4}'],
    ['{a: {x: 1}}', '{a: {}}', undefined],
    ['{l: [1, 2]}', '{l: [1, 3]}', '{l: [1, 3]}'],
    ['{a: 1}', '{a: "1"}', '{a: "1"}'],
  ])('diff(%s, %s) is %s', (a, b, part) => {
    expect(diff(parseYaml(a), parseYaml(b))).toEqual(part === undefined ? undefined : parseYaml(part));
  });

  it('lists of different length are an error with path and lengths', () => {
    const lay = () => overlay([parseYaml('{a: {l: [1, 2, 3]}}') as ConfigMap, parseYaml('{a: {l: [1]}}') as ConfigMap]);
    expect(lay).toThrow(ListLengthError);
    expect(lay).toThrow(/at a\.l: a list of 1 cannot be laid on the list of 3/);
  });
});
