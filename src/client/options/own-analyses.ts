import { analysisSetting } from './worker-options.js';

/** Whether an analysis of that name is the user's own, by the folders of `DATENRAFFINERIE_ANALYSES`. */
export async function isOwnAnalysis(name: string): Promise<boolean> {
  const { analyses } = analysisSetting({ analyses: [] });
  if (analyses.length === 0) return false; // then nothing is loaded for it
  const { findAnalysis } = await import('../../io/analysis/find-module.js');
  return !(await findAnalysis(name, analyses)).shipped;
}
