import { channelCharacter, type Slot } from './character.js';
import type { Registers } from './registers.js';
import {
  bunchCrossing,
  injectedCharge,
  pedestalShift,
  pulseHeight,
  pulseShape,
  sampleTime,
  saturated,
  tdcNonLinearity,
  timeOfArrival,
  timeOverThreshold,
  toaThreshold,
  totThreshold,
} from './response.js';
import { usualDistance, type TriggerSettings } from './trigger-settings.js';

/** Where a channel stands in a run: everything but the noise of the single event. */
export interface OperatingPoint {
  /** Expected adc of the triggered and of the previous bunch crossing, not clipped. */
  readonly adc: number;
  readonly adcPrevious: number;
  readonly noise: number;
  readonly charge: number;
  /** The charge as the preamplifier gives it: saturated. */
  readonly output: number;
  /** Compared with `output`. */
  readonly toaThreshold: number;
  /** Compared with `charge`. */
  readonly totThreshold: number;
  readonly toa: number;
  /** Standard deviation of toa in counts. */
  readonly toaNoise: number;
  readonly tot: number;
}

export interface HalfPlace {
  readonly seed: number;
  readonly chip: number;
  readonly half: number;
}

/** A slot's block and index in the chip's registers. */
function address(half: number, slot: Slot): { block: string; index: number } {
  if (slot < 36) return { block: 'ch', index: slot + 36 * half };
  if (slot === 36) return { block: 'calib', index: half };
  return { block: 'cm', index: slot - 37 + 2 * half };
}

/** The operating points of a half's 39 slots: channels 0 … 35, calibration channel, two common-mode channels. */
export function operatingPoints(
  place: HalfPlace,
  registers: Registers,
  trigger: TriggerSettings,
): readonly OperatingPoint[] {
  const charges = Array.from({ length: 39 }, (_, slot) =>
    trigger.injection ? chargeOf(registers, place.half, slot) : 0,
  );
  return charges.map((charge, slot) => {
    const neighbour = slot < 36 ? Math.max(charges[slot - 1] ?? 0, slot < 35 ? charges[slot + 1] : 0) : 0;
    return operatingPoint(place, registers, trigger, slot, charge, neighbour);
  });
}

function chargeOf(registers: Registers, half: number, slot: Slot): number {
  const { block, index } = address(half, slot);
  return injectedCharge({
    calib: registers.get('ReferenceVoltage', half, 'Calib'),
    intCtest: registers.get('ReferenceVoltage', half, 'IntCtest') === 1,
    lowRange: registers.get(block, index, 'LowRange') === 1,
    highRange: registers.get(block, index, 'HighRange') === 1,
  });
}

function operatingPoint(
  place: HalfPlace,
  registers: Registers,
  trigger: TriggerSettings,
  slot: Slot,
  charge: number,
  neighbour: number,
): OperatingPoint {
  const { half } = place;
  const { block, index } = address(half, slot);
  if (registers.get(block, index, 'Channel_off') === 1) return switchedOff;
  const own = channelCharacter(place.seed, place.chip, half, slot);
  const reference = (parameter: string): number => registers.get('ReferenceVoltage', half, parameter);
  const channel = (parameter: string): number => registers.get(block, index, parameter);
  const phase = registers.get('Top', 0, 'phase_strobe');
  const latency = trigger.distance - usualDistance - (registers.get('DigitalHalf', half, 'L1Offset') - 10);
  const time = sampleTime(phase, latency);
  const pedestal =
    own.pedestal +
    pedestalShift(reference('Inv_vref'), reference('Noinv_vref'), channel('trim_inv')) +
    own.crosstalk * neighbour;
  const height = own.gain * pulseHeight(charge);
  const noTimes = channel('DIS_TDC') === 1;
  const totOff = noTimes || channel('mask_tot') === 1;
  const toaOff = noTimes || channel('mask_toa') === 1;
  const totLimit = totThreshold(reference('Tot_vref'), channel('trim_tot')) + own.totThreshold;
  const toaLimit = toaThreshold(reference('Toa_vref'), channel('trim_toa')) + own.toaThreshold;
  return {
    adc: pedestal + height * pulseShape(time),
    adcPrevious: pedestal + height * pulseShape(time - bunchCrossing),
    noise: own.noise,
    charge,
    output: saturated(charge),
    toaThreshold: toaOff ? Infinity : toaLimit,
    totThreshold: totOff ? Infinity : totLimit,
    tot: own.totGain * timeOverThreshold(charge, totLimit),
    ...arrival(registers, half, own.toaOffset + timeOfArrival(charge, toaLimit, phase)),
  };
}

/** toa and its noise as the half's master TDC measures it: a TDC held in its start-up state measures badly. */
function arrival(registers: Registers, half: number, toa: number): { toa: number; toaNoise: number } {
  const tdc = (parameter: string): number => registers.get('MasterTdc', half, parameter);
  const starting = tdc('EN_MASTER_CTDC_VOUT_INIT') === 1 || tdc('EN_MASTER_FTDC_VOUT_INIT') === 1;
  const ripple = tdcNonLinearity(toa, {
    coarse: tdc('VD_CTDC_P_D'),
    fine: tdc('VD_FTDC_P_D'),
    coarseDac: tdc('VD_CTDC_P_DAC_EN') === 1,
    fineDac: tdc('VD_FTDC_P_DAC_EN') === 1,
  });
  return { toa: toa + ripple, toaNoise: starting ? 40 : 0.5 };
}

/** `Channel_off`: the adc of a dead input, and no times. */
const switchedOff: OperatingPoint = {
  adc: 20,
  adcPrevious: 20,
  noise: 0.3,
  charge: 0,
  output: 0,
  toaThreshold: Infinity,
  totThreshold: Infinity,
  toa: 0,
  toaNoise: 0,
  tot: 0,
};
