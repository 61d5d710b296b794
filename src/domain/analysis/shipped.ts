import type { ParameterDeclarations } from './parameters.js';

const dac = {
  type: 'text',
  default: 'Calib',
  meaning: 'column of the injected amplitude',
} as const;
const phase = {
  type: 'text',
  default: 'phase_strobe',
  meaning: 'column of the phase of the injection',
} as const;
const thresholdAxis = {
  type: 'text',
  meaning:
    'column along which the efficiency rises: `Toa_vref` or `Calib`; left out: the one that was scanned most finely',
} as const;

const calibFullScale = {
  type: 'number',
  default: 1,
  min: 0.1,
  max: 2.5,
  unit: 'V',
  meaning:
    'voltage of the calibration DAC at its full scale, from which charges in fC follow; chips differ (0.87 was seen)',
} as const;

const max_corruption = {
  type: 'number',
  default: 0.001,
  min: 0,
  max: 1,
  meaning: 'rows of which a larger share of the events is corrupt are left out (mode summary)',
} as const;

const limits = {
  min_improvement: {
    type: 'number',
    default: 2,
    min: 1,
    meaning: 'factor by which the spread must fall, or else to the step of the trim; less: a human is asked',
  },
  max_out_of_reach: {
    type: 'number',
    default: 0.1,
    min: 0,
    max: 0.5,
    meaning: 'part of the channels that may be out of reach; more: a human is asked; half of them: rejected',
  },
} as const;

/** The parameters of the analyses that ship, by the name of the analysis: what they read and `validate` checks. */
export const shippedParameters = {
  injection_scan: {
    dac,
    phase,
    adc_fit_maximum: {
      type: 'number',
      default: 850,
      min: 1,
      max: 1023,
      unit: 'ADC counts',
      meaning: 'the line of the gain is fitted up to here: above, the response bends before it saturates',
    },
    calib_full_scale: calibFullScale,
    max_corruption,
  },
  pedestal: {
    dead: {
      type: 'number',
      default: 0.3,
      min: 0,
      max: 1,
      meaning: 'a channel with less than this part of the median noise of its chip is dead',
    },
    noisy: {
      type: 'number',
      default: 5,
      min: 0,
      unit: 'robust deviations',
      meaning: 'a channel whose noise is so far above the median of its chip is noisy',
    },
    max_corruption,
  },
  pedestal_calibration: {
    target: {
      type: 'number',
      min: 0,
      max: 1023,
      unit: 'ADC counts',
      meaning: 'pedestal that all channels are to have; left out: the median of the board',
    },
    reference: {
      type: 'text',
      default: 'Inv_vref',
      choices: ['Inv_vref', 'Noinv_vref'],
      meaning: 'reference voltage that was scanned, too',
    },
    ...limits,
    max_corruption,
  },
  spectra: {},
  timewalk: { dac, phase, max_corruption },
  toa_calibration: {
    target: {
      type: 'number',
      unit: 'DAC steps of the axis',
      meaning: 'threshold that all channels are to have; left out: the median of the board',
    },
    axis: thresholdAxis,
    ...limits,
    max_corruption,
  },
  toa_threshold_scan: { axis: thresholdAxis, calib_full_scale: calibFullScale, max_corruption },
} as const satisfies Readonly<Record<string, ParameterDeclarations>>;

/** Of an analysis that ships; undefined for any other name. */
export function declaredParameters(analysis: string): ParameterDeclarations | undefined {
  return Object.entries<ParameterDeclarations>(shippedParameters).find(([name]) => name === analysis)?.[1];
}
