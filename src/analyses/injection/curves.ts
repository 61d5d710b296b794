/**
 * Room: curves of an injection scan: their data, fits, tables and plots.
 * May use: analyses/data, analyses/math, analyses/plots, domain/analysis, domain/table.
 */

import type { TableReader } from '../../domain/table/reader.js';
import { distinct, groupByChannel, type ChannelRows } from '../data/channels.js';
import { readNumbers, type Numbers } from '../data/columns.js';
import { capacitanceAt } from '../data/charge.js';
import { hitTime, meanTime } from '../data/hit-time.js';
import { injectionSwitches, switchedOn, type InjectionOptions } from '../data/injection.js';
import { eventsOfRows } from '../data/run-events.js';
import {
  conditionsIn,
  readScanned,
  splitByCondition,
  type Condition,
  type ConditionColumns,
  type ConditionValue,
} from '../data/scanned.js';
import { soundRows } from '../data/sound-rows.js';
import { maximum } from '../math/statistics.js';

/** Quantities that an injection scan looks at: ToT by its median, for its mean is easily thrown off; ToA of hits alone. */
const quantities = ['adc_mean', 'adc_stdd', 'adc_median', 'tot_median', 'toa_mean'] as const;
/** Tell, where a table has them, whether times lie around the end of their range. */
const ofHits = ['toa_stdd', 'toa_median'] as const;
const efficiencies = ['tot_efficiency', 'toa_efficiency'] as const;
export type Quantity = (typeof quantities)[number] | (typeof efficiencies)[number];

/** What one channel answered at one phase under one condition: all arrays in the order of the amplitude `dac`, ascending. */
export interface Curve {
  readonly chip: number;
  readonly type: number;
  readonly channel: number;
  readonly phase: number;
  readonly injected: boolean;
  /** pF that the charge comes through; NaN where the table does not tell. */
  readonly capacitance: number;
  readonly condition: Condition;
  readonly dac: readonly number[];
  /** Events behind every point; NaN where the table does not tell. */
  readonly events: readonly number[];
  readonly values: Readonly<Record<Quantity, readonly number[]>>;
}

export interface CurveSet {
  readonly curves: readonly Curve[];
  /** How the injected channels were recognised, for people. */
  readonly injectedBy: string;
  /** What was left out, for people. */
  readonly notes: readonly string[];
}

/** Reads a summary table whose rows were measured at the amplitudes of column `dac` and the phases of column `phase`. */
export async function readCurves(
  table: TableReader,
  { dac, phase, max_corruption }: InjectionOptions,
): Promise<CurveSet> {
  const required = ['chip', 'channel', 'channeltype', dac, ...quantities, ...efficiencies];
  const columns = await readNumbers(table, required, [phase, 'corruption', ...ofHits, ...injectionSwitches]);
  const { isSound, notes } = soundRows(columns, max_corruption);
  const groups = groupByChannel(columns, isSound);
  const scan: Scan = {
    columns,
    amplitude: columns.get(dac),
    phase: columns.has(phase) ? columns.get(phase) : undefined,
    conditions: await conditionsOf(table, columns, groups, [dac, phase]),
    eventsAt: eventsOfRows(table),
    capacitanceAt: capacitanceAt(columns),
  };
  const curves = groups.flatMap((group) => curvesOfChannel(scan, group));
  const switches = injectionSwitches.filter((name) => columns.has(name));
  if (switches.length > 0) return { curves, injectedBy: `columns ${switches.join(' and ')}`, notes };
  return {
    curves: markByResponse(curves),
    injectedBy: 'their response (the table has neither HighRange nor LowRange)',
    notes,
  };
}

/** A sentence for every chip whose injected channels never gave a time: an empty panel would not say why. */
export function silentChips(injected: readonly Curve[]): string[] {
  return distinct(injected.map(({ chip }) => chip)).flatMap((chip) =>
    (['ToT', 'ToA'] as const).flatMap((name) => {
      const efficiencies = injected
        .filter((curve) => curve.chip === chip)
        .flatMap(({ values }) => (name === 'ToT' ? values.tot_efficiency : values.toa_efficiency));
      return maximum(efficiencies) > 0 ? [] : [`chip ${chip}: no ${name} at any charge`];
    }),
  );
}

/** What the points of a curve are made of. */
interface Scan {
  readonly columns: Numbers;
  readonly amplitude: ArrayLike<number>;
  readonly phase: ArrayLike<number> | undefined;
  readonly conditions: ConditionColumns;
  readonly eventsAt: (row: number) => number;
  readonly capacitanceAt: (row: number) => number;
}

/**
 * What a channel into which charge is injected was scanned over, besides amplitude and phase: the capacitor (HighRange,
 * LowRange) among it. An axis that leads the injection from channel to channel moves nothing for an injected one.
 */
async function conditionsOf(
  table: TableReader,
  columns: Numbers,
  groups: readonly ChannelRows[],
  used: readonly string[],
): Promise<ConditionColumns> {
  const candidates = await readScanned(table, used, injectionSwitches);
  const isOn = switchedOn(columns);
  const on = groups.map((group) => ({ ...group, rows: group.rows.filter(isOn) }));
  const switched = on.some(({ rows }) => rows.length > 0) ? on.filter(({ rows }) => rows.length > 0) : groups;
  const fixed: ArrayLike<ConditionValue>[] = used.filter((name) => columns.has(name)).map((name) => columns.get(name));
  return conditionsIn(switched, fixed, candidates);
}

function curvesOfChannel(scan: Scan, { chip, type, channel, rows }: ChannelRows): Curve[] {
  const byPhase = new Map<number, number[]>();
  for (const row of rows) {
    const at = scan.phase?.[row] ?? 0;
    const same = byPhase.get(at);
    if (same === undefined) byPhase.set(at, [row]);
    else same.push(row);
  }
  const sorted = [...byPhase].sort(([a], [b]) => a - b);
  return sorted.flatMap(([phase, all]) =>
    splitByInjection(scan, all).map(({ injected, condition, rows: same }) => {
      const capacitance = scan.capacitanceAt(same[0]);
      return { chip, type, channel, phase, injected, capacitance, condition, ...pointsOf(scan, same) };
    }),
  );
}

/** A scan may move the injection from channel to channel: rows with and without it are two curves. */
function splitByInjection({ columns, conditions }: Scan, rows: readonly number[]) {
  const isOn = switchedOn(columns);
  return [true, false].flatMap((injected) =>
    splitByCondition(
      rows.filter((row) => isOn(row) === injected),
      conditions,
    ).map((part) => ({ ...part, injected })),
  );
}

/** Averages repeated measurements of one amplitude. */
function pointsOf(
  { columns, amplitude, eventsAt }: Scan,
  rows: readonly number[],
): Pick<Curve, 'dac' | 'events' | 'values'> {
  const byDac = new Map<number, number[]>();
  for (const row of rows) {
    const same = byDac.get(amplitude[row]);
    if (same === undefined) byDac.set(amplitude[row], [row]);
    else same.push(row);
  }
  const sorted = [...byDac].sort(([a], [b]) => a - b);
  const average = (name: Quantity): number[] => {
    const column = columns.get(name);
    return sorted.map(([, same]) => same.reduce((sum, row) => sum + column[row], 0) / same.length);
  };
  return {
    dac: sorted.map(([value]) => value),
    events: sorted.map(([, same]) => same.reduce((sum, row) => sum + eventsAt(row), 0)),
    values: {
      adc_mean: average('adc_mean'),
      adc_stdd: average('adc_stdd'),
      adc_median: average('adc_median'),
      tot_median: average('tot_median'),
      toa_mean: sorted.map(([, same]) => meanTime(same.map((row) => hitTime(columns, row).toa))),
      tot_efficiency: average('tot_efficiency'),
      toa_efficiency: average('toa_efficiency'),
    },
  };
}

/**
 * Without the switches: injected is a channel that at some phase moves by more than 100 counts and a third of the
 * chip's greatest movement.
 */
function markByResponse(curves: readonly Curve[]): Curve[] {
  const name = (curve: Curve): string => `${curve.chip} ${curve.type} ${curve.channel}`;
  const byChannel = new Map<string, number>();
  const byChip = new Map<number, number>();
  for (const curve of curves) {
    const movement = Math.max(...curve.values.adc_mean) - Math.min(...curve.values.adc_mean);
    byChannel.set(name(curve), Math.max(byChannel.get(name(curve)) ?? 0, movement));
    byChip.set(curve.chip, Math.max(byChip.get(curve.chip) ?? 0, movement));
  }
  return curves.map((curve) => {
    const least = Math.max(100, (byChip.get(curve.chip) ?? 0) / 3);
    return { ...curve, injected: (byChannel.get(name(curve)) ?? 0) > least };
  });
}
