import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope, log } from '@temporalio/workflow';
import type { OpenedProcedure, ScanContext, TryAnalysesTask } from '../../domain/scan/tasks.js';
import { trying } from '../activities.js';
import { unlessOver } from './unless-over.js';

/**
 * Makes the analyses of a scan without data, so that what is wrong with them shows before hours of runs.
 * @param over whether nobody is interested any more
 * @throws ApplicationFailure ConfigError with everything that was found
 */
export async function tryAnalyses(
  context: ScanContext,
  procedures: readonly OpenedProcedure[],
  over: () => boolean,
): Promise<void> {
  const analyses = procedures.flatMap(({ type, name, file }) => (type === 'analysis' ? [{ name, file }] : []));
  if (analyses.length === 0 || over()) return;
  const findings = await findingsOf({ context, analyses }, over);
  if (findings.length > 0) throw ApplicationFailure.nonRetryable(findings.join('\n'), 'ConfigError');
}

async function findingsOf(task: TryAnalysesTask, over: () => boolean): Promise<readonly string[]> {
  const summary = 'make the analyses, without data';
  const make = (): Promise<readonly string[]> => trying.tryAnalyses.executeWithOptions({ summary }, [task]);
  try {
    return (await unlessOver(over, make)) ?? [];
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    log.info('the analyses could not be tried', { error });
    return [];
  }
}
