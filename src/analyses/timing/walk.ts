import { distinct } from '../data/channels.js';
import { fitCurve, type CurveFit } from '../math/curve-fit.js';
import { fitLine, type Line } from '../math/line.js';
import { median } from '../math/statistics.js';
import type { Condition } from '../data/scanned.js';
import { around } from '../data/hit-time.js';
import type { TimedChannel, TimePoint } from './curves.js';

/** How much later small pulses are seen than the largest, in counts, and how the time follows the phase. */
export interface TimeWalk {
  readonly chip: number;
  readonly channel: number;
  readonly condition: Condition;
  /** Amplitudes in ascending order, and the delay against the largest one: the median over the phases. */
  readonly dac: readonly number[];
  readonly delay: readonly number[];
  /** Of the delays, counts, without that of the largest amplitude, which all have in common. */
  readonly errors: readonly number[];
  /** Amplitudes that are earlier than larger ones: what was seen there is no answer to the charge. Not in `dac`. */
  readonly suspicious: readonly number[];
  /** delay = scale / (dac − pole) + offset. */
  readonly fit: CurveFit | undefined;
  /** Standard deviation of the single hit at the largest amplitude, counts. */
  readonly jitter: number;
  /** At the largest amplitude: phases ascending, the time since the first, unrolled over bunch crossings, and its line. */
  readonly phases: readonly number[];
  readonly arrival: readonly number[];
  readonly line: Line | undefined;
}

export function measureWalk({ chip, channel, condition, points }: TimedChannel): TimeWalk {
  const largest = Math.max(...points.map(({ dac }) => dac));
  const atLargest = new Map(points.filter(({ dac }) => dac === largest).map((point) => [point.phase, point]));
  const all = delaysOf(points, atLargest).filter(({ delay }) => !Number.isNaN(delay));
  const late = all.filter((_, i) => !isEarly(all, i));
  const phases = [...atLargest.keys()].sort((a, b) => a - b);
  const arrival = unroll(phases.map((phase) => atLargest.get(phase)?.toa ?? NaN));
  const arrivalErrors = phases.map((phase) => atLargest.get(phase)?.error ?? NaN);
  return {
    ...{ chip, channel, condition, phases, arrival },
    dac: late.map(({ dac }) => dac),
    delay: late.map(({ delay }) => delay),
    errors: late.map(({ error }) => error),
    suspicious: all.filter((_, i) => isEarly(all, i)).map(({ dac }) => dac),
    fit: fitDelay(late),
    jitter: median([...atLargest.values()].map((point) => point.jitter).filter((jitter) => !Number.isNaN(jitter))),
    line: fitLine(phases, arrival, arrivalErrors.map(orOne), true),
  };
}

interface Delay {
  readonly dac: number;
  readonly delay: number;
  readonly error: number;
}

/** Error of the median of n normal values in terms of that of their mean, n = 1, 2, …; √(π/2) for many. */
const medianError = [1, 1, 1.16, 1.092, 1.198, 1.135, 1.214, 1.16];

/** The delay at every amplitude, ascending: the median over the phases. */
function delaysOf(points: readonly TimePoint[], atLargest: ReadonlyMap<number, TimePoint>): Delay[] {
  return distinct(points.map((point) => point.dac)).map((dac) => {
    const same = points.filter((point) => point.dac === dac && atLargest.has(point.phase));
    const ofMean = Math.hypot(...same.map(({ error }) => error)) / same.length;
    const error = (medianError[same.length - 1] ?? Math.sqrt(Math.PI / 2)) * ofMean;
    return { dac, delay: median(delaysAt(points, dac, atLargest)), error };
  });
}

/** Earlier than the next larger amplitude by more than 5 standard deviations and 5 counts. */
function isEarly(delays: readonly Delay[], i: number): boolean {
  const next = delays[i + 1];
  if (next === undefined) return false;
  const error = Math.hypot(delays[i].error, next.error);
  return next.delay - delays[i].delay > Math.max(5 * (Number.isNaN(error) ? 1 : error), 5);
}

/** Errors that are not known are taken as 1 count: then χ² says nothing, but scales the errors of the fit. */
function orOne(error: number): number {
  return error > 0 ? error : 1;
}

function delaysAt(points: readonly TimePoint[], dac: number, reference: ReadonlyMap<number, TimePoint>): number[] {
  return points
    .filter((point) => point.dac === dac)
    .flatMap((point) => {
      const late = reference.get(point.phase);
      return late === undefined ? [] : [around(point.toa - late.toa)];
    });
}

/** Times of rising phases, each as the nearest to the one before. */
function unroll(times: readonly number[]): number[] {
  let total = 0;
  return times.map((time, i) => (i === 0 ? 0 : (total += around(time - times[i - 1]))));
}

/** A comparator is late as 1 / (charge above its threshold). */
function fitDelay(delays: readonly Delay[]): CurveFit | undefined {
  if (delays.length < 4) return undefined;
  const [first, last] = [delays[0], delays[delays.length - 1]];
  const range = last.dac - first.dac;
  const model = ([scale, pole, offset]: readonly number[]) => {
    return (at: number): number => scale / (at - pole) + offset;
  };
  const start = [(first.delay - last.delay) * 0.2 * range, first.dac - 0.2 * range, 0];
  const limits = {
    lowest: [0, first.dac - 2 * range, -200],
    highest: [1e6, first.dac - 1e-3 * range, 200],
  };
  const points = {
    x: delays.map(({ dac }) => dac),
    y: delays.map(({ delay }) => delay),
    sigma: delays.map(({ error }) => orOne(error)),
  };
  return fitCurve(points, model, start, limits);
}
