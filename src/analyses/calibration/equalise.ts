/**
 * Room: from measured thresholds or pedestals to trims, and what a calibration says of itself.
 * May use: analyses/data, analyses/math, analyses/plots, domain, domain/analysis, domain/config, domain/table.
 */

import { halfOf } from '../data/channels.js';
import { fitPlane, valueAt, type Plane } from '../math/plane.js';
import { median } from '../math/statistics.js';

/** Registers of the chips: a channel's trim has 6 bits, a half's reference voltage 10. */
const trimRange = { lowest: 0, highest: 63, middle: 31 };
const referenceRange = { lowest: 0, highest: 1023 };

/** What a channel answered at settings of its trim and of its half's reference voltage. */
export interface Measured {
  readonly chip: number;
  readonly type: number;
  readonly channel: number;
  readonly points: readonly { readonly trim: number; readonly reference: number; readonly value: number }[];
}

export interface Equalised {
  readonly chip: number;
  readonly type: number;
  readonly channel: number;
  /** The channel's answer with its trim in the middle and the reference as it was, and with the new settings. */
  readonly before: number;
  readonly after: number;
  /** Undefined where the trim was not scanned. */
  readonly trim: number | undefined;
  /** Change of the answer per step of the trim. */
  readonly slope: number | undefined;
  readonly reached: boolean;
}

export interface Equalisation {
  readonly target: number;
  readonly channels: readonly Equalised[];
  readonly references: readonly { readonly chip: number; readonly half: number; readonly value: number }[];
  /** Channels that do not answer to the settings, or whose answers are not usable. */
  readonly deaf: readonly Measured[];
}

/**
 * Settings that bring all channels to one answer: for every half the reference at which its median channel is at the
 * target with its trim in the middle, then every channel's trim. Without `target`, the board's median is taken.
 * Only settings that were scanned are changed.
 */
export function equalise(measured: readonly Measured[], target?: number): Equalisation {
  const scanned = scannedSettings(measured);
  const models = measured.map((channel) => ({ channel, model: fitModel(channel, scanned) }));
  const good = models.flatMap(({ channel, model }) => (model === undefined ? [] : [{ channel, model }]));
  const goal = target ?? median(good.filter(isNormal).map(({ model }) => model.at(trimRange.middle, model.usual)));
  const references = scanned.reference ? solveReferences(good, goal) : [];
  const channels = good.map(({ channel, model }) => {
    const half = halfOf(channel.type, channel.channel);
    const found = references.find((each) => each.chip === channel.chip && each.half === half);
    return solveTrim(channel, model, found?.value ?? model.usual, goal);
  });
  const deaf = models.filter(({ model }) => model === undefined).map(({ channel }) => channel);
  return { target: goal, channels, references, deaf };
}

/** Whether an equalisation sets anything at all. */
export function setsNothing({ channels, references }: Equalisation): boolean {
  return references.length === 0 && channels.every(({ trim }) => trim === undefined);
}

interface Model {
  at(trim: number, reference: number): number;
  /** Undefined where the trim was not scanned. */
  readonly trimSlope: number | undefined;
  readonly referenceSlope: number | undefined;
  /** Reference in the middle of those scanned. */
  readonly usual: number;
}

interface Scanned {
  readonly trim: boolean;
  readonly reference: boolean;
}

function scannedSettings(measured: readonly Measured[]): Scanned {
  const varies = (of: (point: Measured['points'][number]) => number): boolean =>
    measured.some(({ points }) => points.some((point) => of(point) !== of(points[0])));
  return { trim: varies((point) => point.trim), reference: varies((point) => point.reference) };
}

function fitModel({ points }: Measured, scanned: Scanned): Model | undefined {
  const variables = (trim: number, reference: number): number[] => [
    ...(scanned.trim ? [trim] : []),
    ...(scanned.reference ? [reference] : []),
  ];
  const plane = fitPlane(
    points.map(({ trim, reference }) => variables(trim, reference)),
    points.map(({ value }) => value),
  );
  if (plane === undefined || !isSensitive(plane, points)) return undefined;
  return {
    at: (trim, reference) => valueAt(plane, variables(trim, reference)),
    trimSlope: scanned.trim ? plane.slopes[0] : undefined,
    referenceSlope: scanned.reference ? plane.slopes[scanned.trim ? 1 : 0] : undefined,
    usual: median(points.map(({ reference }) => reference)),
  };
}

/** The answer must move by more over the scan than what the plane leaves unexplained. */
function isSensitive(plane: Plane, points: Measured['points']): boolean {
  if (plane.slopes.length === 0) return true;
  const values = points.map(({ value }) => value);
  const range = Math.max(...values) - Math.min(...values);
  return range > 0 && range > 4 * plane.residual;
}

function isNormal({ channel }: { channel: Measured }): boolean {
  return channel.type === 0;
}

type Good = { readonly channel: Measured; readonly model: Model };

function solveReferences(good: readonly Good[], target: number): Equalisation['references'] {
  const halves = new Map<string, Good[]>();
  for (const each of good.filter(isNormal)) {
    const name = `${each.channel.chip} ${halfOf(each.channel.type, each.channel.channel)}`;
    halves.set(name, [...(halves.get(name) ?? []), each]);
  }
  return [...halves.values()].map((members) => {
    const { chip, type, channel } = members[0].channel;
    const wanted = members.map(({ model }) => {
      return model.usual + (target - model.at(trimRange.middle, model.usual)) / (model.referenceSlope ?? NaN);
    });
    return { chip, half: halfOf(type, channel), value: clamp(median(wanted), referenceRange) };
  });
}

function solveTrim({ chip, type, channel }: Measured, model: Model, reference: number, target: number): Equalised {
  const before = model.at(trimRange.middle, model.usual);
  const slope = model.trimSlope;
  if (slope === undefined) {
    const after = model.at(trimRange.middle, reference);
    return { chip, type, channel, before, after, trim: undefined, slope, reached: true };
  }
  const trim = clamp((target - model.at(0, reference)) / slope, trimRange);
  const after = model.at(trim, reference);
  return { chip, type, channel, before, after, trim, slope, reached: Math.abs(after - target) <= Math.abs(slope) };
}

function clamp(value: number, { lowest, highest }: { lowest: number; highest: number }): number {
  return Math.max(lowest, Math.min(highest, Math.round(value)));
}
