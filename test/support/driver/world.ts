import { CancelledFailure } from '@temporalio/common';
import type { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import {
  activityJob,
  childEndJob,
  decode,
  decodeFailure,
  encode,
  encodeFailure,
  eventsOf,
  isClosing,
  milliseconds,
  notFound,
  signalJob,
  type ActivityEnd,
  type Command,
  type Job,
  type WorkflowEnd,
} from './jobs.js';
import { Run } from './run.js';

/** What a run of a workflow has asked the server for. */
interface Asked {
  readonly workflow: Workflow;
  readonly run: Run;
  readonly seq: number;
}

/** An activity that a workflow has asked for and not heard of yet. */
export interface Activity extends Asked {
  readonly type: string;
  readonly id: string;
  readonly input: unknown;
  readonly waitsForCancel: boolean;
  readonly task: number;
  cancelRequested: boolean;
}

export interface Timer extends Asked {
  readonly at: number;
}

/** A signal on its way to another workflow. */
export interface Sending extends Asked {
  readonly target: string;
  readonly name: string;
  readonly parameters: readonly unknown[];
  readonly task: number;
}

/** A child that is to be started. */
export interface Starting extends Asked {
  readonly id: string;
  readonly type: string;
  readonly args: readonly unknown[];
  readonly parentClosePolicy: number;
  cancelRequested: boolean;
}

/** A workflow execution: its runs one after the other, and what has arrived for its next task. */
export interface Workflow {
  readonly id: string;
  readonly type: string;
  readonly parent: Starting | undefined;
  run: Run;
  inbox: Job[];
  tasks: number;
  /** Events of the history of the run, as a server would count them. */
  events: number;
  runs: number;
  end: WorkflowEnd | undefined;
  /** Signals that a child without code has heard, and `cancel`. */
  readonly heard: { readonly name: string; readonly parameters: readonly unknown[] }[] | undefined;
}

/** Stands where a real workflow would: hears signals and says nothing. */
export interface Stub {
  readonly signals: { readonly name: string; readonly parameters: readonly unknown[] }[];
}

const cancelled = (): Error => new CancelledFailure('cancelled');

/** A Temporal server in memory for real workflow code: nothing in it moves unless it is told to. */
export class World {
  readonly workflows = new Map<string, Workflow>();
  readonly stubs = new Map<string, Stub>();
  activities: Activity[] = [];
  timers: Timer[] = [];
  sendings: Sending[] = [];
  startings: Starting[] = [];
  /** What activities and clients have asked the server for. */
  errands: { readonly label: string; readonly run: () => Promise<void> }[] = [];
  updates = new Map<string, { accepted?: boolean; rejected?: Error; result?: unknown }>();
  /** Whether a workflow is to have no code: it hears signals, and ends when it is told to. */
  hasNoCode: (id: string, type: string) => boolean = () => false;
  /** Sees every command before it is obeyed. */
  onCommand: (command: Command) => void = () => undefined;
  /** ms since 1970. */
  now = Date.UTC(2026, 0, 1);
  /** Events that a run's history is said to have when it begins: near 3,000, it soon continues as new. */
  firstEvents = 1;
  private serial = 0;

  constructor(
    private readonly creator: ReusableVMWorkflowCreator,
    /** Told of every activity that is asked for; what it throws is a fault of the workflow. */
    private readonly onActivity: (activity: Activity) => void = () => undefined,
  ) {}

  /** Starts a workflow; its first task brings nothing but the start. */
  async start(id: string, type: string, args: readonly unknown[], parent?: Starting): Promise<Workflow> {
    const runId = `${id}#${++this.serial}`;
    const start = { id, runId, firstRunId: runId, type, args, started: this.now, runStarted: this.now };
    const isStub = this.hasNoCode(id, type);
    const run = isStub ? Run.withoutCode(this.creator, start) : await Run.begin(this.creator, start);
    const heard = isStub ? [] : undefined;
    const workflow: Workflow = {
      ...{ id, type, parent, run, inbox: [], tasks: 0, events: this.firstEvents, runs: 1, end: undefined, heard },
    };
    this.workflows.set(id, workflow);
    return workflow;
  }

  /** Whether a workflow (or what stands for one) runs. */
  runs(id: string): boolean {
    const workflow = this.workflows.get(id);
    return this.stubs.has(id) || (workflow !== undefined && workflow.end === undefined);
  }

  signal(id: string, name: string, ...parameters: unknown[]): boolean {
    this.stubs.get(id)?.signals.push({ name, parameters });
    const workflow = this.workflows.get(id);
    if (workflow === undefined || workflow.end !== undefined) return this.stubs.has(id);
    if (workflow.heard) workflow.heard.push({ name, parameters });
    else workflow.inbox.push(signalJob(name, parameters));
    return true;
  }

  /** A signal that starts the workflow where none runs; it comes when the server gets to it. */
  signalWithStart(id: string, type: string, args: readonly unknown[], name: string, parameter: unknown): void {
    const run = async (): Promise<void> => {
      if (!this.runs(id)) await this.start(id, type, args);
      this.signal(id, name, parameter);
    };
    this.errands.push({ label: `${name} comes to ${id}`, run });
  }

  async runErrand(errand: World['errands'][number]): Promise<void> {
    this.errands = this.errands.filter((each) => each !== errand);
    await errand.run();
  }

  cancel(id: string): void {
    const workflow = this.workflows.get(id);
    if (workflow === undefined || workflow.end !== undefined) return;
    if (workflow.heard) return void workflow.heard.push({ name: 'cancel', parameters: [] });
    if (!workflow.inbox.some((job) => job.cancelWorkflow)) workflow.inbox.push({ cancelWorkflow: { reason: 'test' } });
  }

  /** @returns the id by which `updates` knows its answer */
  update(id: string, name: string, input: unknown): string {
    const updateId = `update-${++this.serial}`;
    const workflow = this.workflows.get(id);
    this.updates.set(updateId, {});
    if (workflow?.end === undefined) workflow?.inbox.push(updateJob(updateId, name, input));
    return updateId;
  }

  /** Ends a workflow at once, without asking it. */
  terminate(id: string): void {
    const workflow = this.workflows.get(id);
    if (workflow !== undefined && workflow.end === undefined) this.close(workflow, { state: 'terminated' });
  }

  /** One workflow task with these jobs, which are taken from the inbox. */
  async task(workflow: Workflow, jobs: readonly Job[]): Promise<void> {
    workflow.inbox = workflow.inbox.filter((job) => !jobs.includes(job));
    let commands = await this.activate(workflow, jobs);
    if (workflow.inbox.length > 0 && commands.some(isClosing)) {
      const before = await workflow.run.takeBack();
      commands = await this.activate(workflow, [...before, ...workflow.inbox.splice(0)]);
    }
    for (const command of commands) await this.obey(workflow, command);
  }

  private activate(workflow: Workflow, jobs: readonly Job[]): Promise<Command[]> {
    workflow.tasks++;
    workflow.events += 3 + jobs.reduce((sum, job) => sum + eventsOf(job), 0);
    this.now++;
    return workflow.run.task(jobs, this.now, workflow.events);
  }

  private async obey(workflow: Workflow, command: Command): Promise<void> {
    workflow.events += command.respondToQuery || command.updateResponse ? 0 : 1;
    this.onCommand(command);
    this.obeyWork(workflow, command);
    this.obeyMessages(workflow, command);
    await this.obeyEnd(workflow, command);
  }

  private obeyWork(workflow: Workflow, command: Command): void {
    const { scheduleActivity, requestCancelActivity, startTimer, cancelTimer } = command;
    if (scheduleActivity) this.schedule(workflow, scheduleActivity);
    if (requestCancelActivity) this.cancelActivity(workflow, requestCancelActivity.seq ?? 0);
    if (startTimer) {
      const ms = milliseconds(startTimer.startToFireTimeout);
      this.timers.push({ ...asked(workflow, startTimer.seq), at: this.now + ms });
    }
    if (cancelTimer) this.timers = this.timers.filter((timer) => !isOf(timer, workflow, cancelTimer.seq));
  }

  private schedule(workflow: Workflow, command: NonNullable<Command['scheduleActivity']>): void {
    const activity: Activity = {
      ...asked(workflow, command.seq),
      ...{ type: command.activityType ?? '', id: command.activityId ?? '' },
      input: decode(command.arguments)[0],
      waitsForCancel: command.cancellationType === 1, // WAIT_CANCELLATION_COMPLETED
      task: workflow.tasks,
      cancelRequested: false,
    };
    this.activities.push(activity);
    this.onActivity(activity);
  }

  private cancelActivity(workflow: Workflow, seq: number): void {
    const activity = this.activities.find((each) => isOf(each, workflow, seq));
    if (activity === undefined) return;
    activity.cancelRequested = true;
    const never = activity.task === workflow.tasks; // asked for and cancelled in one task: nobody began it
    if (never || !activity.waitsForCancel) this.endActivity(activity, { label: 'cancelled', failure: cancelled() });
  }

  endActivity(activity: Activity, end: ActivityEnd): void {
    this.activities = this.activities.filter((each) => each !== activity);
    end.effect?.();
    const { workflow, seq } = activity;
    if (listens(activity)) workflow.inbox.push(activityJob(seq, activity, end));
  }

  /** Time goes to where it fires. */
  fire(timer: Timer): void {
    this.timers = this.timers.filter((each) => each !== timer);
    this.now = Math.max(this.now, timer.at);
    timer.workflow.inbox.push({ fireTimer: { seq: timer.seq } });
  }

  private obeyMessages(workflow: Workflow, command: Command): void {
    const { signalExternalWorkflowExecution: send, cancelSignalWorkflow: keep, updateResponse } = command;
    if (send) {
      const target = send.workflowExecution?.workflowId ?? send.childWorkflowId ?? '';
      const message = { target, name: send.signalName ?? '', parameters: decode(send.args) };
      this.sendings.push({ ...asked(workflow, send.seq), ...message, task: workflow.tasks });
    }
    if (keep) {
      const sending = this.sendings.find((each) => isOf(each, workflow, keep.seq) && each.task === workflow.tasks);
      if (sending) this.answerSending(sending, encodeFailure(cancelled()));
    }
    if (updateResponse) this.takeAnswer(updateResponse);
    const cancel = command.requestCancelExternalWorkflowExecution;
    if (cancel) this.wantCancel(asked(workflow, cancel.seq), cancel.workflowExecution?.workflowId ?? '');
  }

  /** A wish that another workflow should end; what stands for one ends at once. */
  private wantCancel(by: Asked, target: string): void {
    const run = (): Promise<void> => {
      const there = this.runs(target);
      this.stubs.delete(target);
      this.cancel(target);
      const failure = there ? {} : { failure: notFound(target) };
      if (listens(by)) by.workflow.inbox.push({ resolveRequestCancelExternalWorkflow: { seq: by.seq, ...failure } });
      return Promise.resolve();
    };
    this.errands.push({ label: `cancel of ${target}`, run });
  }

  private takeAnswer(response: NonNullable<Command['updateResponse']>): void {
    const update = this.updates.get(response.protocolInstanceId ?? '');
    if (update === undefined) return;
    if (response.accepted) update.accepted = true;
    if (response.rejected) update.rejected = new Error(JSON.stringify(response.rejected.message));
    if (response.completed) update.result = decode([response.completed])[0];
  }

  /** A signal arrives, or finds nobody. */
  deliver(sending: Sending): void {
    const there = this.signal(sending.target, sending.name, ...sending.parameters);
    this.answerSending(sending, there ? undefined : notFound(sending.target));
  }

  private answerSending(sending: Sending, failure: ReturnType<typeof notFound> | undefined): void {
    this.sendings = this.sendings.filter((each) => each !== sending);
    const { workflow, seq } = sending;
    if (!listens(sending)) return;
    workflow.inbox.push({ resolveSignalExternalWorkflow: { seq, ...(failure ? { failure } : {}) } });
  }

  private async obeyEnd(workflow: Workflow, command: Command): Promise<void> {
    const { startChildWorkflowExecution: child, cancelChildWorkflowExecution: cancelChild } = command;
    if (child) this.wantChild(workflow, child);
    if (cancelChild) this.cancelChild(workflow, cancelChild.childWorkflowSeq ?? 0);
    const { completeWorkflowExecution: done, failWorkflowExecution: fail, cancelWorkflowExecution: cancel } = command;
    if (done) this.close(workflow, { state: 'completed', result: done.result ? decode([done.result])[0] : undefined });
    if (fail) this.close(workflow, { state: 'failed', error: decodeFailure(fail.failure) });
    if (cancel) this.close(workflow, { state: 'cancelled' });
    const again = command.continueAsNewWorkflowExecution;
    if (again) await this.continueAsNew(workflow, decode(again.arguments));
  }

  private wantChild(workflow: Workflow, command: NonNullable<Command['startChildWorkflowExecution']>): void {
    this.startings.push({
      ...asked(workflow, command.seq),
      ...{ id: command.workflowId ?? '', type: command.workflowType ?? '' },
      args: decode(command.input),
      parentClosePolicy: Number(command.parentClosePolicy ?? 0),
      cancelRequested: false,
    });
  }

  private cancelChild(workflow: Workflow, seq: number): void {
    const starting = this.startings.find((each) => isOf(each, workflow, seq));
    if (starting) starting.cancelRequested = true;
    for (const child of this.workflows.values())
      if (child.parent && isOf(child.parent, workflow, seq)) this.cancel(child.id);
  }

  /** The server starts a child, or finds that its id is taken. */
  async startChild(starting: Starting): Promise<void> {
    this.startings = this.startings.filter((each) => each !== starting);
    const { workflow, seq, id, type, args } = starting;
    if (!listens(starting)) return;
    const taken = { workflowId: id, workflowType: type, cause: 1 };
    if (this.runs(id)) {
      workflow.inbox.push({ resolveChildWorkflowExecutionStart: { seq, failed: taken } });
      return;
    }
    const child = await this.start(id, type, args, starting);
    const succeeded = { runId: child.run.start.runId };
    workflow.inbox.push({ resolveChildWorkflowExecutionStart: { seq, succeeded } });
    if (starting.cancelRequested) this.cancel(id);
  }

  /** The end of a workflow as its parent, its children and the server see it. */
  close(workflow: Workflow, end: WorkflowEnd): void {
    workflow.end = end;
    workflow.inbox = [];
    this.timers = this.timers.filter((timer) => timer.workflow !== workflow);
    const { parent } = workflow;
    if (parent && parent.workflow.end === undefined) parent.workflow.inbox.push(childEndJob(parent.seq, workflow, end));
    for (const child of this.workflows.values()) {
      if (child.parent?.workflow !== workflow || child.end !== undefined) continue;
      if (child.parent.parentClosePolicy === 3) this.cancel(child.id); // REQUEST_CANCEL
      if (child.parent.parentClosePolicy === 1) this.close(child, { state: 'terminated' });
    }
  }

  private async continueAsNew(workflow: Workflow, args: readonly unknown[]): Promise<void> {
    const { start } = workflow.run;
    await workflow.run.dispose();
    this.timers = this.timers.filter((timer) => timer.workflow !== workflow);
    const runId = `${workflow.id}#${++this.serial}`;
    workflow.run = await Run.begin(this.creator, { ...start, runId, args, runStarted: this.now });
    Object.assign(workflow, { events: this.firstEvents, tasks: 0, runs: workflow.runs + 1 });
  }

  async dispose(): Promise<void> {
    for (const { run } of this.workflows.values()) await run.dispose();
  }
}

function updateJob(id: string, name: string, input: unknown): Job {
  const update = { id, protocolInstanceId: id, name, runValidator: true };
  return { doUpdate: { ...update, meta: { updateId: id, identity: 'test' }, input: encode([input]) } };
}

function asked(workflow: Workflow, seq: number | null | undefined): Asked {
  return { workflow, run: workflow.run, seq: seq ?? 0 };
}

function isOf(one: Asked, { run }: Workflow, seq: unknown): boolean {
  return one.run === run && one.seq === seq;
}

/** Whether the run that asked still runs. */
function listens({ workflow, run }: Asked): boolean {
  return workflow.end === undefined && workflow.run === run;
}
