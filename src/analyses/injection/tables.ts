import type { CsvColumn } from '../../domain/analysis/interface.js';
import type { Line } from '../math/line.js';
import { channelTypeName, channelTypes } from '../data/channels.js';
import { conditionColumns } from '../data/shown.js';
import type { Curve, Quantity } from './curves.js';
import type { Response } from './fits.js';

/** One row per injected channel and phase: gains with errors, linearity, saturation, thresholds. */
export function responseTable(responses: readonly Response[]): CsvColumn[] {
  const column = (name: string, value: (response: Response) => number | string | undefined): CsvColumn => {
    return { name, values: responses.map((response) => value(response) ?? NaN) };
  };
  const line = (prefix: string, of: (response: Response) => Line | undefined): CsvColumn[] => [
    column(`${prefix}_gain`, (response) => of(response)?.slope),
    column(`${prefix}_gain_error`, (response) => of(response)?.slopeError),
    column(`${prefix}_offset`, (response) => of(response)?.offset),
    column(`${prefix}_offset_error`, (response) => of(response)?.offsetError),
    column(`${prefix}_chi2_per_ndf`, (response) => of(response)?.chi2PerNdf),
    column(`${prefix}_points_used`, (response) => of(response)?.used.length),
  ];
  return [
    column('chip', ({ curve }) => curve.chip),
    column('channeltype', ({ curve }) => curve.type),
    column('channel', ({ curve }) => curve.channel),
    column('phase', ({ curve }) => curve.phase),
    ...conditionColumns(responses.map(({ curve }) => curve)),
    column('pedestal', (response) => response.pedestal),
    ...line('adc', (response) => response.adc),
    column('adc_points_below_saturation', (response) => response.adcRegion.length),
    column('adc_gain_at_least', (response) => response.adcGainAtLeast),
    column('adc_nonlinearity_percent', (response) => response.adcNonlinearity),
    column('adc_saturates_at', (response) => response.adcSaturatesAt),
    column('adc_maximum', (response) => response.adcMaximum),
    ...line('tot', (response) => response.tot),
    column('tot_nonlinearity_percent', (response) => response.totNonlinearity),
    column('tot_threshold', (response) => response.totThreshold?.at),
    column('toa_threshold', (response) => response.toaThreshold?.at),
    column('suspicious_amplitudes', (response) => response.suspicious.join(' ')),
    column('tot_threshold_error', (response) => response.totThreshold?.error),
    column('toa_threshold_error', (response) => response.toaThreshold?.error),
  ];
}

/** The mean and the extremes of a group of channels at one amplitude and phase. */
export interface GroupPoint {
  readonly chip: number;
  readonly group: string;
  readonly phase: number;
  readonly dac: number;
  readonly quantity: Quantity;
  readonly channels: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Groups as legends list them. */
export const groupOrder = ['injected ', ''].flatMap((prefix) =>
  Object.values(channelTypes).map((type) => prefix + channelTypeName(type)),
);

export function groupName(curve: Curve): string {
  return curve.injected ? `injected ${channelTypeName(curve.type)}` : channelTypeName(curve.type);
}

/** Response of every channel type of every chip: averages over its channels, injected ones apart. */
export function groupPoints(curves: readonly Curve[], quantities: readonly Quantity[]): GroupPoint[] {
  const groups = new Map<string, { at: Omit<GroupPoint, 'channels' | 'mean' | 'low' | 'high'>; values: number[] }>();
  for (const curve of curves) {
    const group = groupName(curve);
    curve.dac.forEach((dac, i) => {
      for (const quantity of quantities) {
        const key = [curve.chip, group, curve.phase, dac, quantity].join('|');
        const at = { chip: curve.chip, group, phase: curve.phase, dac, quantity };
        const entry = groups.get(key) ?? { at, values: [] };
        groups.set(key, entry);
        entry.values.push(curve.values[quantity][i]);
      }
    });
  }
  return [...groups.values()].map(({ at, values }) => ({
    ...at,
    channels: values.length,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    low: Math.min(...values),
    high: Math.max(...values),
  }));
}

export function groupTable(points: readonly GroupPoint[], dac: string, phase: string): CsvColumn[] {
  const column = (name: string, value: (point: GroupPoint) => number | string): CsvColumn => {
    return { name, values: points.map(value) };
  };
  return [
    column('chip', (point) => point.chip),
    column('group', (point) => point.group),
    column(phase, (point) => point.phase),
    column(dac, (point) => point.dac),
    column('quantity', (point) => point.quantity),
    column('channels', (point) => point.channels),
    column('mean', (point) => point.mean),
    column('lowest', (point) => point.low),
    column('highest', (point) => point.high),
  ];
}
