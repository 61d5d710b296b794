import type { CsvColumn } from '../../domain/analysis/interface.js';
import type { Line } from '../math/line.js';
import { columnsOver } from '../data/csv-columns.js';
import { channelTypeName, channelTypes, halfOf } from '../data/channels.js';
import { chargePerStep } from '../data/charge.js';
import { around, meanTime } from '../data/hit-time.js';
import { maximum, mean, minimum } from '../math/statistics.js';
import { conditionColumns } from '../data/shown.js';
import type { Curve, Quantity } from './curves.js';
import type { Response } from './fits.js';

const adcCounts = 'ADC counts';
const totCounts = 'ToT counts';
const steps = 'DAC steps';

/**
 * One row per injected channel and phase: gains with errors, linearity, saturation, thresholds; in fC where the table
 * tells the capacitor.
 * @param fullScale of the calibration DAC in V; NaN where the amplitude is not its
 */
export function responseTable(responses: readonly Response[], fullScale: number): CsvColumn[] {
  const column = columnsOver(responses);
  const charge = ({ curve }: Response): number => chargePerStep(curve.capacitance, fullScale);
  const line = (prefix: string, counts: string, of: (response: Response) => Line | undefined): CsvColumn[] => [
    column(`${prefix}_gain`, (response) => of(response)?.slope, `${counts} per DAC step`),
    column(`${prefix}_gain_error`, (response) => of(response)?.slopeError, `${counts} per DAC step`),
    column(`${prefix}_offset`, (response) => of(response)?.offset, counts),
    column(`${prefix}_offset_error`, (response) => of(response)?.offsetError, counts),
    column(`${prefix}_chi2_per_ndf`, (response) => of(response)?.chi2PerNdf),
    column(`${prefix}_points_used`, (response) => of(response)?.used.length),
  ];
  return [
    column('chip', ({ curve }) => curve.chip),
    column('channeltype', ({ curve }) => curve.type),
    column('channel', ({ curve }) => curve.channel),
    column('phase', ({ curve }) => curve.phase),
    ...conditionColumns(responses.map(({ curve }) => curve)),
    column('pedestal', (response) => response.pedestal, adcCounts),
    ...line('adc', adcCounts, (response) => response.adc),
    column('adc_points_below_saturation', (response) => response.adcRegion.length),
    column('adc_gain_at_least', (response) => response.adcGainAtLeast, `${adcCounts} per DAC step`),
    column('adc_nonlinearity_percent', (response) => response.adcNonlinearity, '%'),
    column('adc_saturates_at', (response) => response.adcSaturatesAt, steps),
    column('adc_maximum', (response) => response.adcMaximum, adcCounts),
    ...line('tot', totCounts, (response) => response.tot),
    column('tot_nonlinearity_percent', (response) => response.totNonlinearity, '%'),
    column('tot_threshold', (response) => response.totThreshold?.at, steps),
    column('toa_threshold', (response) => response.toaThreshold?.at, steps),
    column('suspicious_amplitudes', (response) => response.suspicious.join(' '), steps),
    column('tot_threshold_error', (response) => response.totThreshold?.error, steps),
    column('toa_threshold_error', (response) => response.toaThreshold?.error, steps),
    column('charge_per_dac_step', charge, 'fC'),
    column('adc_gain_per_fC', (each) => (each.adc?.slope ?? NaN) / charge(each), `${adcCounts} per fC`),
    column('adc_gain_per_fC_error', (each) => (each.adc?.slopeError ?? NaN) / charge(each), `${adcCounts} per fC`),
    column('tot_threshold_fC', (each) => (each.totThreshold?.at ?? NaN) * charge(each), 'fC'),
    column('toa_threshold_fC', (each) => (each.toaThreshold?.at ?? NaN) * charge(each), 'fC'),
  ];
}

/** The mean and the extremes of a group of channels at one amplitude and phase. */
export interface GroupPoint {
  readonly chip: number;
  /** Only where a group is of one half of the chip alone: of times. */
  readonly half: number | undefined;
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

/** Each half's ToA begins at a time of its own: a mean over both would be none. */
function halfOfGroup(curve: Curve, quantity: Quantity): number | undefined {
  return quantity === 'toa_mean' ? halfOf(curve.type, curve.channel) : undefined;
}

/** Middle, lowest and highest of what a group's channels answered; times go round. */
function rangeOf(values: readonly number[], quantity: Quantity): Pick<GroupPoint, 'mean' | 'low' | 'high'> {
  if (quantity !== 'toa_mean') return { mean: mean(values), low: minimum(values), high: maximum(values) };
  const middle = meanTime(values);
  const beside = values.map((value) => around(value - middle)).filter((each) => !Number.isNaN(each));
  return { mean: middle, low: middle + minimum(beside), high: middle + maximum(beside) };
}

/**
 * Response of every channel type of every chip: averages over its channels, injected ones apart.
 * @param isSuspicious whether a point of a curve is left out
 */
export function groupPoints(
  curves: readonly Curve[],
  quantities: readonly Quantity[],
  isSuspicious: (curve: Curve, dac: number) => boolean,
): GroupPoint[] {
  const groups = new Map<string, { at: Omit<GroupPoint, 'channels' | 'mean' | 'low' | 'high'>; values: number[] }>();
  for (const curve of curves) {
    const group = groupName(curve);
    curve.dac.forEach((dac, i) => {
      if (isSuspicious(curve, dac)) return;
      for (const quantity of quantities) {
        const half = halfOfGroup(curve, quantity);
        const key = [curve.chip, half, group, curve.phase, dac, quantity].join('|');
        const at = { chip: curve.chip, half, group, phase: curve.phase, dac, quantity };
        const entry = groups.get(key) ?? { at, values: [] };
        groups.set(key, entry);
        entry.values.push(curve.values[quantity][i]);
      }
    });
  }
  return [...groups.values()].map(({ at, values }) => ({
    ...at,
    channels: values.length,
    ...rangeOf(values, at.quantity),
  }));
}

export function groupTable(points: readonly GroupPoint[], dac: string, phase: string): CsvColumn[] {
  const column = columnsOver(points);
  return [
    column('chip', (point) => point.chip),
    column('group', (point) => point.group),
    column(phase, (point) => point.phase),
    column(dac, (point) => point.dac, steps),
    column('quantity', (point) => point.quantity),
    column('channels', (point) => point.channels),
    column('mean', (point) => point.mean),
    column('lowest', (point) => point.low),
    column('highest', (point) => point.high),
    column('half', (point) => point.half),
  ];
}
