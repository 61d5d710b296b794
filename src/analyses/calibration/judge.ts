import type { Quality } from '../../domain/analysis/interface.js';
import { channelTypes, halfOf } from '../data/channels.js';
import { median } from '../math/statistics.js';
import type { Equalisation, Equalised } from './equalise.js';
import { spreads, type Wording } from './report.js';

/** From when on a calibration is used without a human's look. */
export interface Limits {
  /** The spread must fall by this factor at least. */
  readonly min_improvement: number;
  /** Share of the channels that may be out of reach at most. */
  readonly max_out_of_reach: number;
}

/** Seconds that a human has; a calibration that nobody looked at is not used. */
const timeToAnswer = 3600;

/**
 * Accepted where the spread falls by the stated factor, or to what a step of the trim leaves, and few enough channels
 * are out of reach; rejected where it does not fall, or half of the channels are out of reach; else a human is asked.
 */
export function judge(result: Equalisation, wording: Wording, limits: Limits): Quality {
  const normal = result.channels.filter(({ type }) => type === channelTypes.channel);
  const deaf = result.deaf.filter(({ type }) => type === channelTypes.channel).length;
  const lost = deaf + normal.filter(({ reached }) => !reached).length;
  const all = normal.length + deaf;
  const effect = normal.some(({ trim }) => trim !== undefined) ? ofTrims(result, normal) : ofReferences(result, normal);
  const { before, after, least } = effect;
  const reason =
    `${effect.name} of the ${wording.quantity} ${before.toFixed(2)} → ${after.toFixed(2)} ${wording.unit} expected, ` +
    `${lost} of ${all} channels do not reach ${result.target.toFixed(1)}`;
  if (!(after < before) || lost >= all / 2) return { verdict: 'reject', reason };
  const isBetter = before >= limits.min_improvement * after || after <= least;
  const doubts = [
    ...(isBetter ? [] : [`less than ${limits.min_improvement} times better`]),
    ...(lost <= limits.max_out_of_reach * all ? [] : [`more than ${100 * limits.max_out_of_reach} % out of reach`]),
  ];
  if (doubts.length === 0) return { verdict: 'accept', reason };
  return { verdict: 'ask', reason: `${reason}: ${doubts.join(', ')}`, timeout: timeToAnswer, default: 'reject' };
}

/** What a calibration changes; below `least` it cannot come, for its registers move in steps. */
interface Effect {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly least: number;
}

/** Channels that are even to a step of their trim have a spread of step/√12. */
function ofTrims(result: Equalisation, normal: readonly Equalised[]): Effect {
  const step = median(normal.flatMap(({ slope }) => (slope === undefined ? [] : [Math.abs(slope)])));
  return { name: 'spread', ...spreads(result), least: (1.5 * step) / Math.sqrt(12) };
}

/** References move whole halves: what counts is how far the medians of the halves are from the target. */
function ofReferences({ target }: Equalisation, normal: readonly Equalised[]): Effect {
  const halves = new Map<string, Equalised[]>();
  for (const channel of normal) {
    const name = `${channel.chip} ${halfOf(channel.type, channel.channel)}`;
    halves.set(name, [...(halves.get(name) ?? []), channel]);
  }
  const away = (of: (channel: Equalised) => number): number =>
    Math.hypot(...[...halves.values()].map((half) => median(half.map(of)) - target)) / Math.sqrt(halves.size);
  return {
    name: 'distance of the halves',
    before: away(({ before }) => before),
    after: away(({ after }) => after),
    least: 1,
  };
}
