import type { AnalysisProcedure, Mode, Procedure } from '../config/procedure.js';

/** The mode in which an analysis is given its data: that of the data, where it reads any; part of its results' key. */
export function modeOfAnalysis(analysis: AnalysisProcedure, procedures: ReadonlyMap<string, Procedure>): Mode {
  const data = procedures.get(analysis.daq[0]);
  return data?.type === 'daq' ? data.mode : analysis.compatibleModes[0];
}
