import { runInContext, type Context } from 'node:vm';
import { parseWorkflowCode } from '@temporalio/worker/lib/worker.js';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { globalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';
import { workflowBundle } from '../temporal/fake-scan.js';

/** A piece of the workflows' code and what stands in its place: a fault that a test must find. */
export interface Fault {
  readonly code: string | RegExp;
  readonly instead: string;
}

/**
 * The workflows' bundle in the SDK's reusable VM, as workers run it.
 * @param faults put into the code before
 * @throws Error where a piece that a fault replaces does not occur exactly once: the fault would do nothing
 */
export async function loadWorkflows(faults: readonly Fault[] = []): Promise<ReusableVMWorkflowCreator> {
  const { code } = await workflowBundle();
  const changed = faults.reduce((text, { code: piece, instead }) => {
    const parts = text.split(piece);
    if (parts.length !== 2) throw new Error(`'${piece}' occurs ${parts.length - 1} times in the workflows' bundle`);
    return parts.join(instead);
  }, code);
  const noTimeout = undefined as unknown as number; // a thread that watches each call takes longer than the calls
  const creator = await ReusableVMWorkflowCreator.create(parseWorkflowCode(changed), noTimeout, new Set());
  shareModules(creator);
  globalHandlers.uninstall(); // stack traces of every promise take longer than the workflows
  return creator;
}

/** Our modules hold no state: loaded once, before there is a workflow, they are every workflow's. */
function shareModules(creator: ReusableVMWorkflowCreator): void {
  const { context } = creator as unknown as { readonly context: Context };
  runInContext('__TEMPORAL__.importWorkflows()', context);
}
