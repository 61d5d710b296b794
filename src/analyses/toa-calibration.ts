import type { Analysis, AnalysisContext, AnalysisOutputs, Quality } from '../domain/analysis/interface.js';
import { readParameters, type ParameterValues } from '../domain/analysis/parameters.js';
import { shippedParameters } from '../domain/analysis/shipped.js';
import type { ConfigMap } from '../domain/config/value.js';
import { DatenraffinerieError } from '../domain/errors.js';
import type { TableReader } from '../domain/table/reader.js';
import { equalise, setsNothing, type Equalisation, type Measured } from './calibration/equalise.js';
import { calibrationFragment } from './calibration/fragment.js';
import { judge } from './calibration/judge.js';
import { requireOneSetting } from './calibration/one-setting.js';
import { drawEqualisation, equalisationTable, type Wording } from './calibration/report.js';
import { channelTypes, halfOf } from './data/channels.js';
import { warnAll } from './data/sound-rows.js';
import { median } from './math/statistics.js';
import { readThresholds, type ThresholdScan, type Transition } from './thresholds/scan.js';

const registers = { trim: 'trim_toa', reference: 'Toa_vref' };

/**
 * Finds `trim_toa` of every channel and `Toa_vref` of every half that give all channels one ToA threshold.
 *
 * Needs S-curves at a few values of `trim_toa`: along `Toa_vref` with one injected charge (then `Toa_vref` is set so
 * that this charge is the threshold), or along `Calib` (then at one `Toa_vref`, or a few, of which the best is taken).
 * Parameters: `target` (in units of the axis; default: the board's median), `axis` (as for toa_threshold_scan).
 */
export class ToaCalibration implements Analysis {
  private readonly options: ParameterValues<typeof shippedParameters.toa_calibration>;

  constructor(parameters: ConfigMap) {
    this.options = readParameters(shippedParameters.toa_calibration, parameters);
  }

  output(): AnalysisOutputs {
    const plots = ['before_after', 'distribution', 'trim_map'];
    return {
      summary: 'toa_calibration.csv',
      plots: plots.flatMap((name) => [`${name}.svg`, `${name}.png`]),
      calibration: 'toa_calibration.yaml',
    };
  }

  async run([table]: readonly TableReader[], context: AnalysisContext): Promise<Quality> {
    const scan = await readThresholds(table, this.options);
    warnAll(context, scan.notes);
    const known: readonly string[] = ['Calib', registers.reference, registers.trim];
    requireOneSetting(Object.keys(scan.transitions[0]?.condition ?? {}).filter((name) => !known.includes(name)));
    const measured = thresholdsOf(scan);
    const equalised = equalise(measured, this.options.target);
    const result = scan.axis === registers.reference ? { ...equalised, references: setTo(equalised) } : equalised;
    if (setsNothing(result)) throw noThresholds(scan.axis);
    for (const { chip, channel } of result.deaf.filter(({ type }) => type === channelTypes.channel)) {
      context.log.warn(`chip ${chip}, channel ${channel}: no threshold that follows trim_toa, left alone`);
    }
    const wording: Wording = { quantity: 'ToA threshold', unit: `DAC steps of ${scan.axis}`, trim: registers.trim };
    await context.csv('toa_calibration.csv', equalisationTable(result, wording.unit));
    await context.calibration('toa_calibration.yaml', calibrationFragment(result, registers));
    await drawEqualisation(result, table, context, wording);
    return judge(result, wording, this.options);
  }
}

/** Thresholds of every channel at the settings of the scan; with several charges along Toa_vref, the middle one. */
function thresholdsOf({ axis, transitions }: ThresholdScan): Measured[] {
  const charges = [
    ...new Set(transitions.flatMap(({ condition: { Calib } }) => (typeof Calib === 'number' ? [Calib] : []))),
  ];
  const charge = charges.sort((a, b) => a - b)[Math.floor(charges.length / 2)];
  const channels = new Map<string, Transition[]>();
  for (const transition of transitions) {
    if (axis === registers.reference && transition.condition['Calib'] !== charge) continue;
    const name = `${transition.chip} ${transition.type} ${transition.channel}`;
    channels.set(name, [...(channels.get(name) ?? []), transition]);
  }
  return [...channels.values()].map((same) => {
    const points = same.flatMap(({ condition, fit }) =>
      fit === undefined
        ? []
        : [
            {
              trim: Number(condition['trim_toa'] ?? 0),
              reference: Number(condition['Toa_vref'] ?? 0),
              value: fit.threshold,
            },
          ],
    );
    return { chip: same[0].chip, type: same[0].type, channel: same[0].channel, points };
  });
}

/** The reference of a half where thresholds were measured in its own units: the common target, or its own median. */
function setTo({ channels, target }: Equalisation): Equalisation['references'] {
  const halves = new Map<string, { chip: number; half: number; after: number[] }>();
  for (const { chip, type, channel, after } of channels.filter((each) => each.type === channelTypes.channel)) {
    const half = halfOf(type, channel);
    const entry = halves.get(`${chip} ${half}`) ?? { chip, half, after: [] };
    halves.set(`${chip} ${half}`, entry);
    entry.after.push(after);
  }
  const trimmed = channels.some(({ trim }) => trim !== undefined);
  return [...halves.values()].map(({ chip, half, after }) => {
    return { chip, half, value: Math.round(trimmed ? target : median(after)) };
  });
}

function noThresholds(axis: string): DatenraffinerieError {
  return new DatenraffinerieError(
    'AnalysisError',
    `no channel has a ToA threshold along ${axis} that follows trim_toa`,
    {
      remedy: 'scan trim_toa (say 0, 20, 40, 60), inject charge, and let the axis reach from full to no efficiency',
    },
  );
}
