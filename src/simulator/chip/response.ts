/**
 * How a channel answers to injected charge: formulas only, no randomness.
 * Charge is in steps of `Calib` through the large injection capacitor (`HighRange`); times are in ns.
 * The figures are those of the recorded injection scan (docs/simulator.md).
 */

/** The small capacitor (`LowRange`, 0.5 pF) against the large one (`HighRange`, 8 pF). */
const lowRangeRatio = 1 / 16;
/** Charge that the injection switch leaves with `Calib` at 0. */
const residualCharge = 7;

export interface Injection {
  readonly calib: number;
  readonly intCtest: boolean;
  readonly lowRange: boolean;
  readonly highRange: boolean;
}

export function injectedCharge({ calib, intCtest, lowRange, highRange }: Injection): number {
  if (!intCtest) return 0;
  return (calib + residualCharge) * ((highRange ? 1 : 0) + (lowRange ? lowRangeRatio : 0));
}

/** ADC counts per unit of charge at the peak of the pulse, before the preamplifier saturates. */
const adcGain = 7;
/** Charge at which the preamplifier saturates. */
const saturationCharge = 150;

/** Height of the pulse's peak above the pedestal in ADC counts (not yet clipped to 10 bits). */
export function pulseHeight(charge: number): number {
  return adcGain * saturated(charge);
}

/** The preamplifier's output in charge: it cannot give more than `saturationCharge`. */
export function saturated(charge: number): number {
  return charge / Math.cbrt(1 + (charge / saturationCharge) ** 3);
}

/** Peaking time and order of the shaper. */
const peakingTime = 16;
const shaperOrder = 4;

/** The pulse at `time` after its begin, 1 at the peak, 0 before the begin. */
export function pulseShape(time: number): number {
  if (time <= 0) return 0;
  const x = time / peakingTime;
  return x ** shaperOrder * Math.exp(shaperOrder * (1 - x));
}

/** Bunch-crossing clock, and one step of `phase_strobe`, which delays the injection. */
export const bunchCrossing = 25;
export const phaseStep = bunchCrossing / 16;
/** When the pulse is sampled with phase 0 and the usual latency. */
const samplingTime = 18.2;

/** Time after the pulse's begin at which the adc samples; `latency` in bunch crossings beside the usual one. */
export function sampleTime(phaseStrobe: number, latency: number): number {
  return samplingTime - phaseStep * phaseStrobe + bunchCrossing * latency;
}

/** Charge from which on tot is measured; a step of `trim_tot` lowers it a little. */
export function totThreshold(totVref: number, trimTot: number): number {
  return 175 + 0.5 * (totVref - 700) - 0.8 * trimTot;
}

/** Time over threshold in its 12-bit unit: a line, and less just above the threshold. */
export function timeOverThreshold(charge: number, threshold: number): number {
  const above = charge - threshold;
  return Math.min(4095, Math.max(8, 90 + 0.779 * above - 100 * Math.exp(-above / 145)));
}

/** Preamplifier output from which on toa is measured (`saturated`); below `Toa_vref` 150 the comparator fires without any signal. */
export function toaThreshold(toaVref: number, trimToa: number): number {
  return 0.272 * (toaVref - 150 - 2 * trimToa);
}

/** Counts of toa per step of `phase_strobe`: 1024 counts are one bunch crossing. */
const toaPerPhase = 64;

/** Time of arrival before its offset: the phase, and the walk of small pulses, in counts. */
export function timeOfArrival(charge: number, threshold: number, phaseStrobe: number): number {
  return toaPerPhase * phaseStrobe + 3000 / (Math.max(0, charge - threshold) + 8);
}

export interface MasterTdc {
  readonly coarse: number;
  readonly fine: number;
  readonly coarseDac: boolean;
  readonly fineDac: boolean;
}

/** What a master TDC off its best setting (16) adds to toa: a ripple with the period of the coarse or fine counter. */
export function tdcNonLinearity(toa: number, tdc: MasterTdc): number {
  const coarse = tdc.coarseDac ? 0.5 * (tdc.coarse - 16) : 0;
  const fine = tdc.fineDac ? 0.1 * (tdc.fine - 16) : 0;
  return coarse * Math.sin((2 * Math.PI * toa) / 256) + fine * Math.sin((2 * Math.PI * toa) / 32);
}

/** What the voltages and the channel's trim do to the pedestal, in ADC counts beside that of the recorded scan. */
export function pedestalShift(invVref: number, noinvVref: number, trimInv: number): number {
  return -0.6 * (invVref - 300) + 0.35 * (noinvVref - 100) + 2 * trimInv;
}
