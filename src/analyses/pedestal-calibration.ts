import type { Analysis, AnalysisContext, AnalysisOutputs, Quality } from '../domain/analysis/interface.js';
import { readParameters, type ParameterValues } from '../domain/analysis/parameters.js';
import { shippedParameters } from '../domain/analysis/shipped.js';
import type { ConfigMap } from '../domain/config/value.js';
import { DatenraffinerieError } from '../domain/errors.js';
import type { TableReader } from '../domain/table/reader.js';
import { equalise, setsNothing, type Measured } from './calibration/equalise.js';
import { calibrationFragment } from './calibration/fragment.js';
import { judge } from './calibration/judge.js';
import { requireOneSetting } from './calibration/one-setting.js';
import { drawEqualisation, equalisationTable } from './calibration/report.js';
import { channelTypes, groupByChannel, type ChannelRows } from './data/channels.js';
import { readNumbers, type Numbers } from './data/columns.js';
import { injectedAt, injectionColumns } from './data/injection.js';
import { conditionsIn, readScanned } from './data/scanned.js';
import { soundRows, warnAll } from './data/sound-rows.js';

const wording = { quantity: 'pedestal', unit: 'ADC counts', trim: 'trim_inv' };
/** Answers at the ends of the ADC's scale say nothing of the slope. */
const usable = { above: 2, below: 1000 };

/**
 * Finds `trim_inv` of every channel, and the reference voltage of every half where it was scanned, too, that bring all
 * pedestals to one value. Needs a scan over `trim_inv` (a few points of 0 … 63) or the reference or both.
 */
export class PedestalCalibration implements Analysis {
  private readonly options: ParameterValues<typeof shippedParameters.pedestal_calibration>;

  constructor(parameters: ConfigMap) {
    this.options = readParameters(shippedParameters.pedestal_calibration, parameters);
  }

  output(): AnalysisOutputs {
    const plots = ['before_after', 'distribution', 'trim_map'];
    return {
      summary: 'pedestal_calibration.csv',
      plots: plots.flatMap((name) => [`${name}.svg`, `${name}.png`]),
      calibration: 'pedestal_calibration.yaml',
    };
  }

  async run([table]: readonly TableReader[], context: AnalysisContext): Promise<Quality> {
    const { reference, target, max_corruption } = this.options;
    const required = ['chip', 'channel', 'channeltype', 'adc_mean'];
    const columns = await readNumbers(table, required, [wording.trim, reference, 'corruption', ...injectionColumns]);
    const { isSound, notes } = soundRows(columns, max_corruption);
    warnAll(context, notes);
    const isInjected = injectedAt(columns);
    const groups = groupByChannel(columns, (row) => isSound(row) && !isInjected(row));
    requireOneSetting(await otherSettings(table, columns, groups, reference));
    const result = equalise(
      groups.map((group) => pedestals(columns, group, reference)),
      target,
    );
    if (setsNothing(result)) throw nothingScanned(reference);
    for (const { chip, channel } of result.deaf.filter(({ type }) => type === channelTypes.channel)) {
      context.log.warn(`chip ${chip}, channel ${channel}: its pedestal does not follow the settings, left alone`);
    }
    await context.csv('pedestal_calibration.csv', equalisationTable(result, wording.unit));
    const registers = { trim: wording.trim, reference };
    await context.calibration('pedestal_calibration.yaml', calibrationFragment(result, registers));
    await drawEqualisation(result, table, context, wording);
    return judge(result, wording, this.options);
  }
}

/** What the table was scanned over besides the settings that are looked for. */
async function otherSettings(
  table: TableReader,
  columns: Numbers,
  groups: readonly ChannelRows[],
  reference: string,
): Promise<string[]> {
  const used = [wording.trim, reference];
  const fixed = used.filter((name) => columns.has(name)).map((name) => columns.get(name));
  return [...conditionsIn(groups, fixed, await readScanned(table, used)).keys()];
}

function pedestals(columns: Numbers, group: ChannelRows, reference: string): Measured {
  const { chip, type, channel, rows } = group;
  const adc = columns.get('adc_mean');
  const setting = (name: string, row: number): number => (columns.has(name) ? columns.get(name)[row] : 0);
  const points = rows
    .filter((row) => adc[row] > usable.above && adc[row] < usable.below)
    .map((row) => ({ trim: setting(wording.trim, row), reference: setting(reference, row), value: adc[row] }));
  return { chip, type, channel, points };
}

function nothingScanned(reference: string): DatenraffinerieError {
  return new DatenraffinerieError('AnalysisError', `no pedestal follows trim_inv or ${reference} in this table`, {
    remedy: `scan trim_inv of all channels (say 0, 16, 32, 48) or ${reference}, and keep it in data_columns`,
  });
}
