import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope, condition, isCancellation, log } from '@temporalio/workflow';
import type { OpenedProcedure, ScanContext, TryAnalysesTask } from '../../domain/scan/tasks.js';
import { trying } from '../activities.js';

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
  const scope = new CancellationScope();
  const summary = 'make the analyses, without data';
  let findings: readonly string[] = [];
  let isDone = false;
  const tried = scope
    .run(() => trying.tryAnalyses.executeWithOptions({ summary }, [task]))
    .then(
      (found) => void (findings = found),
      (error: unknown) => {
        if (CancellationScope.current().consideredCancelled) throw error;
        if (!isCancellation(error)) log.info('the analyses could not be tried', { error });
      },
    )
    .finally(() => (isDone = true));
  await Promise.race([tried, condition(() => isDone || over())]);
  scope.cancel();
  await tried;
  return findings;
}
