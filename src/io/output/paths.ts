/**
 * Room: the output folder. Nothing else names a file in it; the manifest is the truth about what was measured.
 * May use: domain/*, io, io/processes, io/rights.
 */

import { basename, dirname, join, sep } from 'node:path';
import { resultFiles } from '../../domain/analysis/outputs.js';
import { scanFiles } from '../../domain/config/name.js';

// in the output folder of a scan

/** Without it workers do not write into a folder. */
export const markerName = '.datenraffinerie';
/** What `--fresh` puts aside. */
export const oldName = '.old';
export const { owner: ownerName, report: reportName, calibration: fullCalibrationName } = scanFiles;

/** A scan beside an earlier one. */
export const comparisonName = 'comparison.html';

const scanFolder = '.scan';
const networkName = 'network';

/** A procedure as the scan has read it, before calibrations are laid on. */
export function openedPath(output: string, procedure: string): string {
  return join(output, scanFolder, `${procedure === networkName ? `~${procedure}` : procedure}.yaml`);
}

/** The network file as the scan has read it. */
export function networkPath(output: string): string {
  return join(output, scanFolder, `${networkName}.yaml`);
}

/** What became of the scan; no procedure's file has this ending. */
export function scanEndPath(output: string): string {
  return join(output, scanFolder, 'end.json');
}

/** Where it is, the procedure's table has signed integers; no procedure's file has this ending. */
export function signedPath(folder: string): string {
  return join(dirname(folder), scanFolder, `${basename(folder)}.signed`);
}

/** One that had its place before. */
export function earlierNetworkPath(output: string, sha256: string): string {
  return join(output, scanFolder, `~${networkName}-${sha256.slice(0, 12)}.yaml`);
}

/** Whether a path is that of a scan's network file, not of the user's own. */
export function isFrozenNetwork(path: string): boolean {
  return path.endsWith(networkPath(sep));
}

/** The merged table, beside the procedure's folder. */
export function tablePath(folder: string): string {
  return `${folder}.h5`;
}

/** Folder of a procedure whose whole table would have the name of another's partial one. */
export function partialNamesake(folder: string): string {
  return `${folder}.partial`;
}

/** A table of what was measured, of a scan that did not measure all. */
export function partialTablePath(folder: string): string {
  return tablePath(partialNamesake(folder));
}

// in the folder of a DAQ procedure

/** Locked by whoever takes runs. */
export function runsLockPath(folder: string): string {
  return join(folder, '.writer');
}

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

/** Locked by the attempt that makes the results: beside them, since they take the place of others at once. */
export function resultsLockPath(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}.writer`);
}

/** Before a random part: where an analysis works until its results take their place. */
export function attemptPrefix(procedure: string): string {
  return `.${procedure}.attempt-`;
}
