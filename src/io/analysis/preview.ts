import { join } from 'node:path';
import type { AnalysisPreview, CalibrationPreview } from '../../domain/plan/preview.js';
import { readCalibration } from '../configuration/calibration-files.js';
import { downstreamIn } from '../configuration/downstream.js';
import { readAnalysisRecord } from '../output/analysis-record.js';
import { readProvenance } from '../output/provenance.js';
import { compare } from './compare.js';
import { findAnalysis } from './find-module.js';

export interface AnalysisPreviewOptions {
  /** Where users' analyses are looked for. */
  readonly folders: readonly string[];
  /** Planned names of the analyses that are asked for again. */
  readonly again?: ReadonlySet<string>;
  readonly board?: string | undefined;
}

/** Whether analyses would run, and why, by what an output folder holds; nothing is changed there. */
export function previewAnalyses(output: string, options: AnalysisPreviewOptions): AnalysisPreview {
  return async (planned, procedure, mode) => {
    const inputs = await Promise.all(planned.dependsOn.map((name) => tableOf(output, name)));
    const missing = planned.dependsOn.filter((_, i) => inputs[i] === undefined);
    if (missing.length > 0) return { reused: 0, reasons: [`runs: ${missing.join(', ')} will be merged`] };
    const { folders, again, board } = options;
    const task = {
      module: procedure.moduleName,
      folders,
      inputs: inputs.filter((input) => input !== undefined),
      mode,
      parameters: procedure.parameters,
      again: again?.has(planned.name) === true ? 'plan' : undefined, // no scan: no results were made for it
      downstream: downstreamIn(output, board),
      outputDir: join(output, planned.name),
    };
    const { reason, note } = await compare(task, await findAnalysis(task.module, folders));
    if (reason !== undefined) return { reused: 0, reasons: [`runs: ${reason}`] };
    return { reused: 1, reasons: note === undefined ? [] : [note] };
  };
}

/** Calibrations that lie in an output folder and that a scan would use without asking. */
export function previewCalibrations(output: string): CalibrationPreview {
  return async (name) => {
    const folder = join(output, name);
    const { record } = await readAnalysisRecord(folder);
    if (record === undefined) return undefined;
    const { calibration, quality } = record;
    if (quality !== null && quality.verdict !== 'accept') return undefined;
    if (calibration === null) return [];
    return [await readCalibration({ path: join(folder, calibration.path), sha256: calibration.sha256 })];
  };
}

/** The table of a procedure as its provenance has it. */
async function tableOf(output: string, name: string): Promise<{ path: string; sha256: string } | undefined> {
  return (await readProvenance(join(output, name)))?.table ?? undefined;
}
