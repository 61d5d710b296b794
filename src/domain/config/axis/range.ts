/** `{start, stop, step}` (stop excluded) or `{start, stop, points}` (stop included), as written in `values`. */
export interface RangeSpec {
  readonly start?: number | undefined;
  readonly stop: number;
  readonly step?: number | undefined;
  readonly points?: number | undefined;
  readonly logarithmic?: boolean | undefined;
  readonly integer?: boolean | undefined;
}

/** More points than any scan can take; a range beyond is a slip of the pen. */
export const maxAxisLength = 1_000_000;

/** All values of a range; throws an Error that says what is wrong with it. */
export function rangeValues(range: RangeSpec): number[] {
  const values = range.points === undefined ? steps(range) : spaced(range, range.points);
  if (range.integer !== true) return values;
  return [...new Set(values.map((value) => Math.round(value)))];
}

function steps({ start = 0, stop, step = 1, logarithmic }: RangeSpec): number[] {
  if (logarithmic === true) throw new Error('a logarithmic range needs `points` instead of `step`');
  if (step === 0) throw new Error('step is 0');
  // in units of the last decimal all three are integers, so that no rounding error adds up: 0.1 * 3 is 0.3
  const scale = 10 ** Math.max(decimals(start), decimals(stop), decimals(step));
  const [from, to, by] = [start, stop, step].map((number) => Math.round(number * scale));
  const length = Math.max(0, Math.ceil((to - from) / by));
  if (length === 0) throw new Error(`no values between start ${start} and stop ${stop} with step ${step}`);
  checkLength(length);
  return Array.from({ length }, (_, index) => (from + index * by) / scale);
}

function spaced({ start = 0, stop, step, logarithmic }: RangeSpec, points: number): number[] {
  if (step !== undefined) throw new Error('give `step` or `points`, not both');
  if (!Number.isInteger(points) || points < 1) throw new Error(`points is ${points}: a whole number from 1 is needed`);
  checkLength(points);
  if (logarithmic === true && !(start > 0 && stop > 0)) {
    throw new Error(`a logarithmic range needs start and stop above 0, not ${start} and ${stop}`);
  }
  const at = (index: number) => (points === 1 ? 0 : index / (points - 1));
  const value = logarithmic
    ? (index: number) => start * (stop / start) ** at(index)
    : (index: number) => start + (stop - start) * at(index);
  return Array.from({ length: points }, (_, index) => {
    if (index === 0) return start;
    return index === points - 1 ? stop : Number(value(index).toPrecision(12));
  });
}

function checkLength(length: number): void {
  if (length > maxAxisLength) throw new Error(`${length} values: at most ${maxAxisLength} are possible on an axis`);
}

/** Digits behind the point as the number prints; at most 12, beyond which scaled integers would not be exact. */
function decimals(number: number): number {
  const [mantissa, exponent = '0'] = String(number).split('e');
  const digits = (mantissa.split('.')[1] ?? '').length - Number(exponent);
  return Math.min(Math.max(digits, 0), 12);
}
