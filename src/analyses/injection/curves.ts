/**
 * Room: curves of an injection scan: their data, fits, tables and plots.
 * May use: analyses/data, analyses/math, analyses/plots, domain/analysis, domain/table.
 */

import type { TableReader } from '../../domain/table/reader.js';
import { groupByChannel, type ChannelRows } from '../data/channels.js';
import { readNumbers, type Numbers } from '../data/columns.js';

/** Quantities of the summary that an injection scan looks at; ToT by its median, for its mean is easily thrown off. */
const quantities = ['adc_mean', 'adc_stdd', 'adc_median', 'tot_median', 'toa_mean'] as const;
const efficiencies = ['tot_efficiency', 'toa_efficiency'] as const;
export type Quantity = (typeof quantities)[number] | (typeof efficiencies)[number];
const injectionSwitches = ['HighRange', 'LowRange'] as const;

/** What one channel answered at one phase: all arrays in the order of the injected amplitude `dac`, ascending. */
export interface Curve {
  readonly chip: number;
  readonly type: number;
  readonly channel: number;
  readonly phase: number;
  readonly injected: boolean;
  readonly dac: readonly number[];
  readonly values: Readonly<Record<Quantity, readonly number[]>>;
}

export interface CurveSet {
  readonly curves: readonly Curve[];
  /** How the injected channels were recognised, for people. */
  readonly injectedBy: string;
}

/** Reads a summary table whose rows were measured at the amplitudes of column `dac` and the phases of column `phase`. */
export async function readCurves(table: TableReader, dac: string, phase: string): Promise<CurveSet> {
  const required = ['chip', 'channel', 'channeltype', dac, ...quantities, ...efficiencies];
  const columns = await readNumbers(table, required, [phase, ...injectionSwitches]);
  const groups = groupByChannel(columns);
  const curves = groups.flatMap((group) => curvesOfChannel(columns, group, dac, phase));
  const switches = injectionSwitches.filter((name) => columns.has(name));
  if (switches.length > 0) return { curves, injectedBy: `columns ${switches.join(' and ')}` };
  return {
    curves: markByResponse(curves),
    injectedBy: 'their response (the table has neither HighRange nor LowRange)',
  };
}

function curvesOfChannel(columns: Numbers, group: ChannelRows, dac: string, phase: string): Curve[] {
  const phases = columns.has(phase) ? columns.get(phase) : undefined;
  const byPhase = new Map<number, number[]>();
  for (const row of group.rows) {
    const at = phases?.[row] ?? 0;
    byPhase.set(at, [...(byPhase.get(at) ?? []), row]);
  }
  const { chip, type, channel } = group;
  const sorted = [...byPhase].sort(([a], [b]) => a - b);
  return sorted.flatMap(([at, all]) =>
    splitByInjection(columns, all).map(({ injected, rows }) => {
      return { chip, type, channel, phase: at, injected, ...pointsOf(columns, rows, dac) };
    }),
  );
}

/** A scan may move the injection from channel to channel: rows with and without it are two curves. */
function splitByInjection(columns: Numbers, rows: readonly number[]): { injected: boolean; rows: number[] }[] {
  const switches = injectionSwitches.filter((name) => columns.has(name)).map((name) => columns.get(name));
  const on = rows.filter((row) => switches.some((column) => column[row] > 0));
  const off = rows.filter((row) => !switches.some((column) => column[row] > 0));
  const parts = [
    { injected: true, rows: on },
    { injected: false, rows: off },
  ];
  return parts.filter((part) => part.rows.length > 0);
}

/** Averages repeated measurements of one amplitude. */
function pointsOf(columns: Numbers, rows: readonly number[], dac: string): Pick<Curve, 'dac' | 'values'> {
  const amplitude = columns.get(dac);
  const byDac = new Map<number, number[]>();
  for (const row of rows) byDac.set(amplitude[row], [...(byDac.get(amplitude[row]) ?? []), row]);
  const sorted = [...byDac].sort(([a], [b]) => a - b);
  const average = (name: Quantity): number[] => {
    const column = columns.get(name);
    return sorted.map(([, same]) => same.reduce((sum, row) => sum + column[row], 0) / same.length);
  };
  return {
    dac: sorted.map(([value]) => value),
    values: {
      adc_mean: average('adc_mean'),
      adc_stdd: average('adc_stdd'),
      adc_median: average('adc_median'),
      tot_median: average('tot_median'),
      toa_mean: average('toa_mean'),
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
