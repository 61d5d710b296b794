import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangeValues } from '../../../../src/domain/config/axis/range.js';

describe('rangeValues', () => {
  it.each([
    [{ stop: 4 }, [0, 1, 2, 3]],
    [{ start: 2, stop: 7, step: 2 }, [2, 4, 6]],
    [{ start: 5, stop: 0, step: -2 }, [5, 3, 1]],
    [{ stop: 0.5, step: 0.1 }, [0, 0.1, 0.2, 0.3, 0.4]],
    [{ start: 1e-3, stop: 2e-3, step: 5e-4 }, [0.001, 0.0015]],
    [{ start: 0, stop: 1, points: 5 }, [0, 0.25, 0.5, 0.75, 1]],
    [{ start: 1, stop: 1000, points: 4, logarithmic: true }, [1, 10, 100, 1000]],
    [{ start: 1, stop: 10, points: 6, logarithmic: true, integer: true }, [1, 2, 3, 4, 6, 10]],
    [{ start: 1, stop: 4, points: 20, integer: true }, [1, 2, 3, 4]],
    [{ start: 7, stop: 9, points: 1 }, [7]],
  ])('%j', (range, values) => expect(rangeValues(range)).toEqual(values));

  it.each([
    [{ stop: 4, step: 0 }, /step is 0/],
    [{ start: 4, stop: 4 }, /no values/],
    [{ stop: 4, step: -1 }, /no values/],
    [{ stop: 1e9 }, /at most 1000000/],
    [{ stop: 4, step: 1, points: 3 }, /not both/],
    [{ start: 0, stop: 9, points: 3, logarithmic: true }, /above 0/],
    [{ start: 1, stop: 9, logarithmic: true }, /points/],
  ])('%j is an error', (range, message) => expect(() => rangeValues(range)).toThrow(message));

  it('float steps do not drift: every value is the decimal that one would write', () => {
    const decimals = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(
        decimals,
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: 1, max: 500 }),
        (digits, from, by) => {
          const scale = 10 ** digits;
          const values = rangeValues({ start: from / scale, stop: (from + 50 * by) / scale, step: by / scale });
          expect(values).toEqual(Array.from({ length: 50 }, (_, index) => (from + index * by) / scale));
        },
      ),
    );
  });
});
