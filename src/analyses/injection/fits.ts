import { fitLine, type Line } from '../math/line.js';
import { crossing, type Crossing } from './crossing.js';
import type { Curve } from './curves.js';

/** Full scale of the 10-bit ADC; from 98 % of it on a value is taken as saturated. */
const adcFullScale = 1023;
const adcSaturation = 0.98 * adcFullScale;
/** From this value on ToT has its low bits cut off: the step is 8 counts. */
const totCompressedFrom = 512;

/** Gain, linearity and limits of one injected channel at one phase; undefined where the scan does not tell. */
export interface Response {
  readonly curve: Curve;
  /** ADC counts at the smallest amplitude; undefined where that point does not fit to the others. */
  readonly pedestal: number | undefined;
  readonly adc: Line | undefined;
  /** At least that steep, from the first saturated point, where the line cannot be fitted. ADC counts per DAC step. */
  readonly adcGainAtLeast: number | undefined;
  /** Indices into the curve of the points that the fit may use. */
  readonly adcRegion: readonly number[];
  readonly totRegion: readonly number[];
  /** Largest residual of the fit, % of the fitted range. */
  readonly adcNonlinearity: number | undefined;
  /** First amplitude at which the ADC is at its end, DAC steps. */
  readonly adcSaturatesAt: number | undefined;
  readonly adcMaximum: number;
  readonly tot: Line | undefined;
  readonly totNonlinearity: number | undefined;
  /** Amplitude at which half of the events have a ToT (ToA), DAC steps, interpolated. */
  readonly totThreshold: Crossing | undefined;
  readonly toaThreshold: Crossing | undefined;
  /** Amplitudes whose ADC or ToT does not fit to the others. */
  readonly suspicious: readonly number[];
}

/**
 * What the curve of an injected channel says.
 * @param adcMaximum ADC counts up to which the line is fitted: above, the response bends before it saturates
 */
export function analyseCurve(curve: Curve, adcMaximum: number): Response {
  const { dac, values } = curve;
  const adcRegion = indices(curve, (i) => values.adc_median[i] < adcMaximum && values.tot_efficiency[i] === 0);
  const totRegion = indices(curve, (i) => values.tot_efficiency[i] > 0.9);
  const adc = fitLine(pick(dac, adcRegion), pick(values.adc_mean, adcRegion), adcErrors(curve, adcRegion));
  const tot = fitLine(pick(dac, totRegion), pick(values.tot_median, totRegion), totErrors(curve, totRegion));
  const saturated = dac.findIndex((_, i) => values.adc_median[i] >= adcSaturation);
  const atLeast = (values.adc_mean[saturated] - values.adc_mean[0]) / (dac[saturated] - dac[0]);
  const suspicious = suspiciousPoints(adc, adcRegion, tot, totRegion);
  return {
    curve,
    pedestal: suspicious.includes(0) ? undefined : values.adc_mean[0],
    adc,
    adcGainAtLeast: adc === undefined && saturated > 0 ? atLeast : undefined,
    adcRegion,
    totRegion,
    adcNonlinearity: nonlinearity(adc, pick(values.adc_mean, adcRegion)),
    adcSaturatesAt: saturated < 0 ? undefined : dac[saturated],
    adcMaximum: Math.max(...values.adc_mean),
    tot,
    totNonlinearity: nonlinearity(tot, pick(values.tot_median, totRegion)),
    totThreshold: crossing(curve, values.tot_efficiency),
    toaThreshold: crossing(curve, values.toa_efficiency),
    suspicious: suspicious.map((i) => dac[i]),
  };
}

/** Places in the curve of the points that the lines leave out. */
function suspiciousPoints(
  adc: Line | undefined,
  adcRegion: readonly number[],
  tot: Line | undefined,
  totRegion: readonly number[],
): number[] {
  const left = [...(adc?.outliers ?? []).map((i) => adcRegion[i]), ...(tot?.outliers ?? []).map((i) => totRegion[i])];
  return [...new Set(left)].sort((a, b) => a - b);
}

function indices(curve: Curve, keep: (index: number) => boolean): number[] {
  return curve.dac.map((_, i) => i).filter(keep);
}

function pick(values: readonly number[], at: readonly number[]): number[] {
  return at.map((i) => values[i]);
}

/**
 * Errors of the means: σ/√N, with σ no less than that of a value cut to integers, 1/√12. Where the table does not tell
 * the events, the spread stands for the error, and the fit cannot say whether it is good.
 */
function adcErrors({ values, events }: Curve, at: readonly number[]): number[] {
  return at.map((i) => {
    const spread = Math.max(values.adc_stdd[i], 1 / Math.sqrt(12));
    return events[i] > 0 ? spread / Math.sqrt(events[i]) : spread;
  });
}

/**
 * One error for all points of a curve, its coarsest step: else the finely read small amplitudes near the threshold,
 * where ToT is curved, would bend the line away from the others.
 */
function totErrors(curve: Curve, at: readonly number[]): number[] {
  const coarse = at.some((i) => curve.values.tot_median[i] >= totCompressedFrom);
  return at.map(() => (coarse ? 8 : 1) / Math.sqrt(12));
}

function nonlinearity(line: Line | undefined, y: readonly number[]): number | undefined {
  if (line === undefined) return undefined;
  const fitted = line.used.map((i) => y[i]);
  const range = Math.max(...fitted) - Math.min(...fitted);
  return range > 0 ? (100 * line.maxResidual) / range : undefined;
}
