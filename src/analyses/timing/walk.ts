import { distinct } from '../data/channels.js';
import { fitCurve, type CurveFit } from '../math/curve-fit.js';
import { fitLine, type Line } from '../math/line.js';
import { median } from '../math/statistics.js';
import { around, type TimedChannel, type TimePoint } from './curves.js';

/** How much later small pulses are seen than the largest, in counts, and how the time follows the phase. */
export interface TimeWalk {
  readonly chip: number;
  readonly channel: number;
  /** Amplitudes in ascending order, and the delay against the largest one: the median over the phases. */
  readonly dac: readonly number[];
  readonly delay: readonly number[];
  /** delay = scale / (dac − pole) + offset. */
  readonly fit: CurveFit | undefined;
  /** Standard deviation of the single hit at the largest amplitude, counts. */
  readonly jitter: number;
  /** At the largest amplitude: phases ascending, the time since the first, unrolled over bunch crossings, and its line. */
  readonly phases: readonly number[];
  readonly arrival: readonly number[];
  readonly line: Line | undefined;
}

export function measureWalk({ chip, channel, points }: TimedChannel): TimeWalk {
  const largest = Math.max(...points.map(({ dac }) => dac));
  const atLargest = new Map(points.filter(({ dac }) => dac === largest).map((point) => [point.phase, point]));
  const dac = distinct(points.map((point) => point.dac));
  const delay = dac.map((amplitude) => median(delaysAt(points, amplitude, atLargest)));
  const known = dac.map((_, i) => i).filter((i) => !Number.isNaN(delay[i]));
  const phases = [...atLargest.keys()].sort((a, b) => a - b);
  const arrival = unroll(phases.map((phase) => atLargest.get(phase)?.toa ?? NaN));
  return {
    chip,
    channel,
    dac: known.map((i) => dac[i]),
    delay: known.map((i) => delay[i]),
    fit: fitDelay(
      known.map((i) => dac[i]),
      known.map((i) => delay[i]),
    ),
    jitter: median([...atLargest.values()].map((point) => point.jitter).filter((jitter) => !Number.isNaN(jitter))),
    phases,
    arrival,
    line: fitLine(
      phases,
      arrival,
      phases.map(() => 1),
    ),
  };
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
function fitDelay(dac: readonly number[], delay: readonly number[]): CurveFit | undefined {
  if (dac.length < 4) return undefined;
  const first = dac[0];
  const range = dac[dac.length - 1] - first;
  const model = ([scale, pole, offset]: readonly number[]) => {
    return (at: number): number => scale / (at - pole) + offset;
  };
  const start = [(delay[0] - delay[delay.length - 1]) * 0.2 * range, first - 0.2 * range, 0];
  const limits = { lowest: [0, first - 2 * range, -200], highest: [1e6, first - 1e-3 * range, 200] };
  return fitCurve({ x: dac, y: delay, sigma: dac.map(() => 1) }, model, start, limits);
}
