import { describe, expect, it, test } from 'vitest';
import { parameterProblems, readParameters } from '../../../src/domain/analysis/parameters.js';
import { Float, type TypedValue } from '../../../src/domain/config/value.js';

const declared = {
  share: { type: 'number', default: 0.3, min: 0, max: 1, meaning: 'a share' },
  points: { type: 'integer', min: 2, unit: 'points', meaning: 'how many' },
  axis: { type: 'text', default: 'Calib', choices: ['Calib', 'Toa_vref'], meaning: 'a column' },
  strict: { type: 'boolean', default: false, meaning: 'whether' },
} as const;

const problems = (given: Readonly<Record<string, TypedValue>>) =>
  parameterProblems(declared, new Map(Object.entries(given))).map(({ message, remedy }) => [message, remedy]);

describe('parameters of an analysis', () => {
  it('have their defaults where they are left out or null', () => {
    const given = new Map([['share', null]]);
    expect(readParameters(declared, given)).toEqual({ share: 0.3, points: undefined, axis: 'Calib', strict: false });
    const all = new Map<string, string | number | boolean>(
      Object.entries({ share: 1, points: 2, axis: 'Toa_vref', strict: true }),
    );
    expect(readParameters(declared, all)).toEqual(Object.fromEntries(all));
  });

  test.each([
    [{ shar: 0.1 }, "there is no parameter 'shar'", "did you mean 'share'?"],
    [{ zzzzzz: 1 }, "there is no parameter 'zzzzzz'", 'there are: share, points, axis, strict'],
    [{ constructor: 1 }, "there is no parameter 'constructor'", 'there are: share, points, axis, strict'],
    [{ share: 'a' }, "parameter 'share' must be a number, not a"],
    [{ share: NaN }, "parameter 'share' must be a number, not NaN"],
    [{ share: new Float(1.5) }, "parameter 'share' must be 0 to 1, not 1.5"],
    [{ points: 2.5 }, "parameter 'points' must be an integer, not 2.5"],
    [{ points: 1 }, "parameter 'points' must be at least 2 points, not 1"],
    [{ axis: 'Foo' }, "parameter 'axis' must be Calib or Toa_vref, not Foo"],
    [{ axis: new Map() }, "parameter 'axis' must be a text, not a mapping"],
    [{ strict: 1 }, "parameter 'strict' must be true or false, not 1"],
  ])('%j is refused', (given, message, remedy?: string) => {
    expect(problems(given as unknown as Record<string, TypedValue>)).toEqual([[message, remedy]]);
    const map = new Map(Object.entries(given)) as unknown as ReadonlyMap<string, number>;
    expect(() => readParameters(declared, map)).toThrow(message);
  });

  it('of which there are none', () => {
    expect(() => readParameters({}, new Map([['a', 1]]))).toThrow("there is no parameter 'a': it has none");
  });
});
