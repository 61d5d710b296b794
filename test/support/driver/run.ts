import { TypedSearchAttributes } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { WorkflowInfo } from '@temporalio/workflow';
import { coresdk } from '@temporalio/proto';
import type { ReusableVMWorkflow, ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { decode, decodeFailure, encode, type Command, type Job } from './jobs.js';

const { WorkflowActivation } = coresdk.workflow_activation;

/** What a run of a workflow is started with. */
export interface RunStart {
  readonly id: string;
  readonly runId: string;
  readonly firstRunId: string;
  readonly type: string;
  readonly args: readonly unknown[];
  /** ms since 1970; of the chain, and of this run. */
  readonly started: number;
  readonly runStarted: number;
}

interface Task {
  readonly jobs: readonly Job[];
  readonly now: number;
  readonly events: number;
}

/** One run of a workflow in the VM, with all that it was told: so it can be made again. */
export class Run {
  private readonly tasks: Task[] = [];
  private answers: Command[][] = [];

  private constructor(
    readonly start: RunStart,
    private readonly creator: ReusableVMWorkflowCreator,
    private workflow: ReusableVMWorkflow | undefined,
  ) {}

  /** A run that has no code: somebody else says what becomes of it. */
  static withoutCode(creator: ReusableVMWorkflowCreator, start: RunStart): Run {
    return new Run(start, creator, undefined);
  }

  static async begin(creator: ReusableVMWorkflowCreator, start: RunStart): Promise<Run> {
    return new Run(start, creator, await create(creator, start));
  }

  /** One workflow task. @returns its commands @throws Error where it fails: on a server it would be tried for ever */
  async task(jobs: readonly Job[], now: number, events: number): Promise<Command[]> {
    if (this.workflow === undefined) throw new Error(`${this.start.id} has no code`);
    this.tasks.push({ jobs, now, events });
    const commands = await activate(this.workflow, this.start, this.tasks.at(-1)!, this.tasks.length === 1, false);
    this.answers.push(commands);
    return commands;
  }

  /** As a server does with an answer that would close a workflow while there is news: the last task never happened. */
  async takeBack(): Promise<readonly Job[]> {
    const last = this.tasks.pop();
    this.answers.pop();
    await this.replay();
    return last?.jobs ?? [];
  }

  /** The same tasks in a new VM. @throws Error where the commands are others */
  async replay(): Promise<void> {
    await this.workflow?.dispose();
    this.workflow = await create(this.creator, this.start);
    for (const [i, task] of this.tasks.entries()) {
      const jobs = [...patchesOf(this.answers[i]), ...task.jobs]; // the server tells of markers that a task will meet
      const commands = await activate(this.workflow, this.start, { ...task, jobs }, i === 0, true);
      const [then, now] = [this.answers[i], commands].map((list) => JSON.stringify(list));
      if (then !== now) throw new Error(`task ${i} of ${this.start.id} is not deterministic:\n${then}\n${now}`);
    }
  }

  /** The answer of a query. */
  async query(queryType: string, ...parameters: unknown[]): Promise<unknown> {
    const query = { queryId: 'q', queryType, arguments: encode(parameters) };
    const { runId } = this.start;
    const activation = WorkflowActivation.fromObject({ runId, jobs: [{ queryWorkflow: query }] });
    const { successful } = (await this.workflow?.activate(activation)) ?? {};
    const answer = successful?.commands?.[0]?.respondToQuery;
    if (!answer?.succeeded?.response) throw decodeFailure(answer?.failed);
    return decode([answer.succeeded.response])[0];
  }

  async dispose(): Promise<void> {
    await this.workflow?.dispose();
  }
}

function patchesOf(commands: readonly Command[]): Job[] {
  return commands.flatMap(({ setPatchMarker }) =>
    setPatchMarker ? [{ notifyHasPatch: { patchId: setPatchMarker.patchId ?? '' } }] : [],
  );
}

async function activate(
  workflow: ReusableVMWorkflow,
  start: RunStart,
  { jobs, now, events }: Task,
  first: boolean,
  isReplaying: boolean,
): Promise<Command[]> {
  const all = first ? [initialJob(start), ...jobs] : jobs;
  const activation = WorkflowActivation.fromObject({
    ...{ runId: start.runId, timestamp: msToTs(now), historyLength: events, jobs: all, isReplaying },
    availableInternalFlags: [1, 2, 3],
  });
  const completion = await workflow.activate(activation);
  await workflow.getAndResetSinkCalls();
  if (completion.successful == null) {
    const { message, stack } = decodeFailure(completion.failed?.failure);
    throw new Error(`a workflow task of ${start.id} failed: ${message}\n${stack}`);
  }
  return (completion.successful.commands ?? []) as Command[];
}

function initialJob({ id, type, args, firstRunId, started }: RunStart): Job {
  const execution = { workflowId: id, workflowType: type, firstExecutionRunId: firstRunId, attempt: 1 };
  return { initializeWorkflow: { ...execution, arguments: encode(args), startTime: msToTs(started) } };
}

function create(creator: ReusableVMWorkflowCreator, start: RunStart): Promise<ReusableVMWorkflow> {
  const seed = [...start.id.slice(-8).padStart(8)].map((char) => char.charCodeAt(0) & 0xff);
  const info = workflowInfo(start);
  const options = { randomnessSeed: seed, now: start.runStarted, showStackTraceSources: false };
  return creator.createWorkflow({ info, ...options }) as Promise<ReusableVMWorkflow>;
}

function workflowInfo({ id, runId, firstRunId, type, started, runStarted }: RunStart): WorkflowInfo {
  return {
    ...{ workflowId: id, runId, firstExecutionRunId: firstRunId, originalExecutionRunId: runId, workflowType: type },
    ...{ searchAttributes: {}, typedSearchAttributes: new TypedSearchAttributes(), namespace: 'default' },
    ...{ taskQueue: 'test', attempt: 1, taskTimeoutMs: 10_000, currentBuildId: '', historyLength: 0, historySize: 0 },
    ...{ continueAsNewSuggested: false, targetWorkerDeploymentVersionChanged: false },
    ...{ startTime: new Date(started), runStartTime: new Date(runStarted) },
    unsafe: {
      now: () => runStarted,
      isReplaying: false,
      isReplayingHistoryEvents: false,
      random: { random: () => 0.5 },
    } as unknown as WorkflowInfo['unsafe'],
  };
}
