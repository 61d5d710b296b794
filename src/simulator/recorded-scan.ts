import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfigMap } from '../domain/config/value.js';
import { encodeRun } from '../domain/hgcroc/encode.js';
import { boardRun } from './chip/board.js';
import { defaultConfiguration, mainFile, networkFile, type RecordedScanShape } from './recorded-scan-files.js';

/** The seed decides what the board is like; the rest has defaults. */
export type RecordedScanOptions = Pick<RecordedScanShape, 'seed'> & Partial<RecordedScanShape>;

/** Where the parts of a written scan lie. */
export interface RecordedScan {
  readonly main: string;
  readonly network: string;
  readonly runs: number;
}

/** Channels that get injected charge. */
export const injectedChannels = [10, 20, 40, 50] as const;

const defaults = { chips: 3, events: 60, phases: 3, phaseStep: 3, calibs: 8, calibStep: 256, runSeconds: 0.02 };

/**
 * Writes a small injection scan as a test stand would have recorded it: `recorded/test_run_<n>.raw` over a grid of
 * `phase_strobe` and `Calib`, and the files that scan it again: `main.yaml` with the procedure `injection_scan`,
 * `default.yaml`, `network.yaml` of kind `recorded`. The same options give the same bytes.
 */
export async function writeRecordedScan(folder: string, options: RecordedScanOptions): Promise<RecordedScan> {
  const shape: RecordedScanShape = { ...defaults, ...options };
  const recorded = join(folder, 'recorded');
  await mkdir(recorded, { recursive: true });
  for (let run = 0; run < shape.phases * shape.calibs; run++) {
    await writeFile(join(recorded, `test_run_${run + 1}.raw`), recordedRun(shape, run));
  }
  await writeFile(join(folder, 'default.yaml'), defaultConfiguration(shape));
  await writeFile(join(folder, 'main.yaml'), mainFile(shape));
  await writeFile(join(folder, 'network.yaml'), networkFile(shape));
  return { main: join(folder, 'main.yaml'), network: join(folder, 'network.yaml'), runs: shape.phases * shape.calibs };
}

/** The file of a run; its last 40 bytes are missing, as in files from the field. */
function recordedRun(shape: RecordedScanShape, run: number): Uint8Array {
  const phase = shape.phaseStep * Math.floor(run / shape.calibs);
  const calib = shape.calibStep * (run % shape.calibs);
  const board = boardRun({ seed: shape.seed, chips: shape.chips }, target(shape.chips, phase, calib), new Map());
  const records = Array.from({ length: shape.events }, (_, event) => board.event(event)).flat();
  return encodeRun(records, { layout: 'split', cutTail: true });
}

function target(chips: number, phase: number, calib: number): ConfigMap {
  const reference: ConfigMap = new Map([
    ['Calib', calib],
    ['IntCtest', 1],
    ['Inv_vref', 300],
    ['Noinv_vref', 100],
    ['Toa_vref', 400],
    ['Tot_vref', 700],
  ]);
  const digital: ConfigMap = new Map([
    ['CalibrationSC', 1],
    ['L1Offset', 10],
  ]);
  const halves = (value: ConfigMap): ConfigMap => new Map([0, 1].map((half) => [half, value]));
  const chip: ConfigMap = new Map([
    ['DigitalHalf', halves(digital)],
    ['ReferenceVoltage', halves(reference)],
    ['Top', new Map([[0, new Map([['phase_strobe', phase]])]])],
    ['ch', new Map(injectedChannels.map((channel) => [channel, new Map([['HighRange', 1]])]))],
  ]);
  return new Map(Array.from({ length: chips }, (_, n) => [`roc_s${n}`, chip]));
}
