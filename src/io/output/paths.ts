/**
 * Room: the output folder. Nothing else names a file in it; the manifest is the truth about what was measured.
 * May use: domain/*, io.
 */

import { join } from 'node:path';
import { resultFiles } from '../../domain/analysis/outputs.js';
import { scanFiles } from '../../domain/config/name.js';

// in the output folder of a scan

/** Without it workers do not write into a folder. */
export const markerName = '.datenraffinerie';
/** What `--fresh` puts aside. */
export const oldName = '.old';
export const { owner: ownerName, report: reportName, calibration: fullCalibrationName } = scanFiles;

/** A procedure as the scan has read it, before calibrations are laid on. */
export function openedPath(output: string, procedure: string): string {
  return join(output, '.scan', `${procedure}.yaml`);
}

/** The merged table, beside the procedure's folder. */
export function tablePath(folder: string): string {
  return `${folder}.h5`;
}

// in the folder of a DAQ procedure

export const manifestName = 'manifest.jsonl';
export const failuresName = 'failures.jsonl';
export const provenanceName = 'provenance.json';
export const readingsName = 'readings.json';
/** The procedure as it is measured, with its calibrations laid on. */
export const procedureName = 'procedure.yaml';
export const rawFolder = 'raw';
export const partsFolder = 'parts';

export function rawName(run: number): string {
  return `${rawFolder}/${runName(run)}.raw`;
}

/** What the chips said of themselves after the run, beside its raw file. */
export function chipsName(raw: string): string {
  return raw.replace(/\.raw$/, '.chips.yaml');
}

export function partName(run: number): string {
  return `${partsFolder}/${runName(run)}.part`;
}

/** The table of a run, where runs are not merged. */
export function runTableName(run: number): string {
  return `${runName(run)}.h5`;
}

/** Raw files that do not count any more. */
export function supersededPath(folder: string): string {
  return join(folder, rawFolder, 'superseded');
}

function runName(run: number): string {
  return `run_${String(run).padStart(5, '0')}`;
}

// in the folder of an analysis

export const {
  record: recordName,
  stdout: stdoutName,
  stderr: stderrName,
  incomplete: incompleteName,
  previous: previousName,
} = resultFiles;

/** Before a random part: where an analysis works until its results take their place. */
export function attemptPrefix(procedure: string): string {
  return `.${procedure}.attempt-`;
}
