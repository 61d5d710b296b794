import { CancellationScope, log } from '@temporalio/workflow';
import type { MergeOutcome, MergeTask, OpenedDaq } from '../../domain/scan/tasks.js';
import { processing } from '../activities.js';
import type { WellCounts } from './well-state.js';

/** With less to come, a merge at the end takes no longer than beginning one now. */
const worthSeconds = 10;
/** So many chunks fit into the rest of a workflow run, whose end would end the merge as well. */
const chunksAhead = 30;

/** Whether the merge of a procedure should begin, while what is left of it is measured. */
export function isTimeToMerge({ merge }: OpenedDaq, counts: WellCounts): boolean {
  const left = (counts.prepared.runs - counts.next) * counts.secondsPerRun;
  return merge && left >= worthSeconds && left <= chunksAhead * counts.chunkSeconds;
}

/** The merge of a Well's procedure that goes on beside acquisition; at most one. Its failures cost only time. */
export class MergeAhead {
  private running: { readonly scope: CancellationScope; readonly outcome: Promise<MergeOutcome | null> } | undefined;

  get begun(): boolean {
    return this.running !== undefined;
  }

  begin(task: MergeTask): void {
    const scope = new CancellationScope();
    const summary = `merge ${task.name} while it is measured`;
    const outcome = scope
      .run(() => processing.mergeAhead.executeWithOptions({ summary }, [task]))
      .catch((error: unknown) => {
        log.info('no merge ahead', { procedure: task.name, error });
        return null;
      });
    this.running = { scope, outcome };
  }

  /** No more runs will come. @returns the table, or null where it is still to be made */
  async finish(): Promise<MergeOutcome | null> {
    const { running } = this;
    this.running = undefined;
    running?.scope.cancel();
    return (await running?.outcome) ?? null;
  }
}
