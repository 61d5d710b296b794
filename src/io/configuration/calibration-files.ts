import { join } from 'node:path';
import { overlay } from '../../domain/config/overlay.js';
import { isMap, type ConfigMap, type ConfigValue } from '../../domain/config/value.js';
import { formatYaml, parseYaml } from '../../domain/config/yaml/yaml.js';
import { DatenraffinerieError, type ErrorType } from '../../domain/errors.js';
import type { FileReference } from '../../domain/scan/tasks.js';
import { readSource } from './config-reader.js';
import { readReferenced } from './frozen-procedure.js';
import { readAnalysisRecord } from '../output/analysis-record.js';
import { fullCalibrationName } from '../output/paths.js';
import { readIfExists, textSha256, writeFileAtomic } from '../files.js';

/** Which analysis made a calibration. */
export interface MadeCalibration {
  readonly procedure: string;
  readonly file: FileReference;
}

/** A calibration fragment from its file, checked to be the one that was made. */
export async function readCalibration(file: FileReference): Promise<ConfigMap> {
  return parseCalibration(await readReferenced(file), file.path);
}

/** The calibration of an earlier scan, from a file that the user gives. */
export async function readGivenCalibration(path: string): Promise<ConfigMap> {
  return fragmentOf((await readSource(path)).value, path);
}

/** What it may set is checked where it is laid on a configuration. */
export function parseCalibration(text: string, path: string, type?: ErrorType): ConfigMap {
  return fragmentOf(parseYaml(text, path), path, type);
}

function fragmentOf(value: ConfigValue, path: string, type: ErrorType = 'ConfigError'): ConfigMap {
  if (isMap(value)) return value;
  throw new DatenraffinerieError(type, `${path}: a calibration is a mapping`, {
    remedy: 'it must be a configuration fragment, like `target: {roc_s0: …}`',
  });
}

/** Overlays the calibrations in plan order; their lineage stands above them as comments. */
export async function writeFullCalibration(output: string, made: readonly MadeCalibration[]): Promise<FileReference> {
  const fragments = await Promise.all(made.map(({ file }) => readCalibration(file)));
  const lineage = await Promise.all(made.map(describe));
  const text = [
    '# All calibrations made here, one laid on the other in this order:',
    ...lineage.map((line) => `# ${line}`),
    formatYaml(overlay(fragments)),
  ].join('\n');
  const path = join(output, fullCalibrationName);
  await writeFileAtomic(path, text);
  return { path, sha256: textSha256(text) };
}

/** What `writeFullCalibration` has written; undefined where it has not. */
export async function readFullCalibration(
  output: string,
): Promise<{ readonly text: string; readonly lineage: readonly string[] } | undefined> {
  const text = await readIfExists(join(output, fullCalibrationName));
  if (text === undefined) return undefined;
  const comments = text.split('\n').filter((line) => line.startsWith('# '));
  return { text, lineage: comments.slice(1).map((line) => line.slice(2)) };
}

/** What made a calibration, of which data and when, from the record that its analysis left beside it. */
async function describe({ procedure, file }: MadeCalibration): Promise<string> {
  const { record } = await readAnalysisRecord(join(file.path, '..'));
  const made = `${procedure}: sha256 ${file.sha256}`;
  if (record === undefined) return made;
  const { module, code, key, end } = record;
  const data = key.inputs.map((sha256) => `data ${sha256}`);
  return [made, `module ${module} of ${code}`, `code ${key.code}`, ...data, end].join(', ');
}
