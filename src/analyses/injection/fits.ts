import { fitLine, type Line } from '../math/line.js';
import type { Curve } from './curves.js';

/** Full scale of the 10-bit ADC; from 98 % of it on a value is taken as saturated. */
const adcFullScale = 1023;
const adcSaturation = 0.98 * adcFullScale;
/** From this value on ToT has its low bits cut off: the step is 8 counts. */
const totCompressedFrom = 512;

/** Gain, linearity and limits of one injected channel at one phase; undefined where the scan does not tell. */
export interface Response {
  readonly curve: Curve;
  /** ADC counts at the smallest amplitude. */
  readonly pedestal: number;
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
  readonly totThreshold: number | undefined;
  readonly toaThreshold: number | undefined;
  /** Amplitudes whose ToT does not fit to the others. */
  readonly suspicious: readonly number[];
}

/** What the curve of an injected channel says. */
export function analyseCurve(curve: Curve): Response {
  const { dac, values } = curve;
  const adcRegion = indices(curve, (i) => values.adc_median[i] < adcSaturation && values.tot_efficiency[i] === 0);
  const totRegion = indices(curve, (i) => values.tot_efficiency[i] > 0.9);
  const adc = fitLine(pick(dac, adcRegion), pick(values.adc_mean, adcRegion), adcErrors(curve, adcRegion));
  const tot = fitLine(pick(dac, totRegion), pick(values.tot_median, totRegion), totErrors(curve, totRegion));
  const saturated = dac.findIndex((_, i) => values.adc_median[i] >= adcSaturation);
  const atLeast = (values.adc_mean[saturated] - values.adc_mean[0]) / (dac[saturated] - dac[0]);
  return {
    curve,
    pedestal: values.adc_mean[0],
    adc,
    adcGainAtLeast: adc === undefined && saturated > 0 ? atLeast : undefined,
    adcRegion,
    totRegion,
    adcNonlinearity: nonlinearity(adc, pick(values.adc_mean, adcRegion)),
    adcSaturatesAt: saturated < 0 ? undefined : dac[saturated],
    adcMaximum: Math.max(...values.adc_mean),
    tot,
    totNonlinearity: nonlinearity(tot, pick(values.tot_median, totRegion)),
    totThreshold: crossing(dac, values.tot_efficiency),
    toaThreshold: crossing(dac, values.toa_efficiency),
    suspicious: (tot?.outliers ?? []).map((i) => dac[totRegion[i]]),
  };
}

function indices(curve: Curve, keep: (index: number) => boolean): number[] {
  return curve.dac.map((_, i) => i).filter(keep);
}

function pick(values: readonly number[], at: readonly number[]): number[] {
  return at.map((i) => values[i]);
}

/** The number of events is not in the table: the spread stands for the error, and the fit scales it by its χ². */
function adcErrors(curve: Curve, at: readonly number[]): number[] {
  return at.map((i) => Math.hypot(curve.values.adc_stdd[i], 1 / Math.sqrt(12)));
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

/** Where an efficiency last rises through one half, so that a stray high point at the beginning is not taken for it. */
function crossing(x: readonly number[], efficiency: readonly number[]): number | undefined {
  for (let i = x.length - 1; i > 0; i--) {
    const [below, above] = [efficiency[i - 1], efficiency[i]];
    if (below < 0.5 && above >= 0.5) return x[i - 1] + ((0.5 - below) / (above - below)) * (x[i] - x[i - 1]);
  }
  return undefined;
}
