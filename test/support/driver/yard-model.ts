import { ApplicationFailure } from '@temporalio/common';
import type { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import type { OpenedProcedure } from '../../../src/domain/scan/tasks.js';
import type { ProcedureState, ScanProgress } from '../../../src/workflows/messages.js';
import { noProgress, type ToldProgress } from '../../../src/workflows/progress.js';
import type { ActivityEnd, WorkflowEnd } from './jobs.js';
import { chooseBy, serverMoves, type ActivityEnds, type Chooser, type Move } from './moves.js';
import { World, type Activity, type Workflow } from './world.js';
import { scanEnds } from './yard-activities.js';

const scan = 's';

/** What happens to a scan in one sequence. */
export interface Course {
  readonly procedures: readonly OpenedProcedure[];
  /** Whether its children are real workflows; else what they tell and how they end is chosen. */
  readonly isReal: boolean;
  /** A child whose id is taken by a workflow of somebody else. */
  readonly taken: string | undefined;
  readonly seed: number;
  readonly moves: number;
}

/** A scan among users, children and activities that do whatever they can; what it must never do is an error. */
export class YardModel {
  readonly world: World;
  private readonly ends: ActivityEnds;
  private readonly choose: Chooser;
  private readonly free = new Set<string>();
  private readonly numbers = new Map<string, number>();
  private readonly startOrder: number[] = [];
  private readonly closings: { ended?: boolean }[] = [];
  private opened = false;
  readonly log: string[] = [];

  constructor(
    creator: ReusableVMWorkflowCreator,
    private readonly course: Course,
  ) {
    this.choose = chooseBy(course.seed);
    this.world = new World(creator, (activity) => this.watchActivity(activity));
    this.ends = this.watched(scanEnds(this.world, course.procedures));
    this.world.hasNoCode = (id) => id !== scan && !course.isReal;
    this.world.stubs.set('stand/b', { signals: [] });
    if (course.taken !== undefined) this.world.stubs.set(childId(this.procedure(course.taken)), { signals: [] });
  }

  private procedure(name: string): OpenedProcedure {
    const found = this.course.procedures.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no procedure ${name}`);
    return found;
  }

  /** The whole course: at random, then plainly to its end. */
  async run(): Promise<void> {
    const input = { config: '/c.yaml', procedures: ['p'], output: '/nowhere' };
    const yard = await this.world.start(scan, 'valveYard', [input]);
    for (let i = 0; i < this.course.moves && yard.end === undefined; i++) await this.make(this.chooseMove());
    await this.settle(yard);
    this.checkEnd(yard);
    if (this.course.seed % 4 === 0) await yard.run.replay(); // takes as long as the course itself
    await this.world.dispose();
  }

  private chooseMove(): Move | undefined {
    const server = serverMoves(this.world, this.ends, this.choose);
    const kind = this.choose(12);
    const children = this.childMoves();
    const moves = kind < 7 ? server : kind < 10 ? children : userMoves(this.world, this.course.procedures);
    return moves[this.choose(Math.max(1, moves.length))];
  }

  private async make(move: Move | undefined): Promise<void> {
    if (move === undefined) return;
    this.log.push(move.label);
    const before = this.known();
    const [sendings, startings] = [new Set(this.world.sendings), new Set(this.world.startings)];
    await move.make();
    for (const { target, name, parameters } of this.world.sendings)
      if (target === scan) this.hearFree(name, parameters);
    for (const sending of this.world.sendings) {
      if (sendings.has(sending) || sending.workflow.id !== scan || !sending.target.startsWith(`${scan}/`)) continue;
      if (sending.name !== 'answer' && !this.known().started.has(sending.target))
        // who asks for an answer runs

        throw new Error(`${sending.name} to ${sending.target}: not started`);
      if (before.ended.has(sending.target)) throw new Error(`${sending.name} to ${sending.target}: ended`);
    }
    for (const starting of this.world.startings) if (!startings.has(starting)) this.watchStart(starting.id);
  }

  /** What a real Well says when it needs the stand no more. */
  private hearFree(signal: string, [told]: readonly unknown[]): void {
    if (signal === 'acquired') this.free.add(told as string);
    if (signal === 'procedureProgress' && (told as ToldProgress).standFree) this.free.add((told as ToldProgress).name);
  }

  /** Children of which the scan has been told that they have started, or ended. */
  private known(): { readonly started: Set<string>; readonly ended: Set<string> } {
    const yard = this.world.workflows.get(scan);
    const inbox = yard?.inbox ?? [];
    const children = [...this.world.workflows.values()].filter(({ parent }) => parent !== undefined);
    const untold = (workflow: Workflow, kind: 'resolveChildWorkflowExecutionStart' | 'resolveChildWorkflowExecution') =>
      inbox.some((job) => job[kind]?.seq === workflow.parent?.seq);
    const started = children.filter((child) => !untold(child, 'resolveChildWorkflowExecutionStart'));
    const ended = children.filter(
      (child) => child.end !== undefined && !untold(child, 'resolveChildWorkflowExecution'),
    );
    return { started: new Set(started.map(({ id }) => id)), ended: new Set(ended.map(({ id }) => id)) };
  }

  /** DAQ procedures begin in the declared order, each when those before it need the stand no more. */
  private watchStart(id: string): void {
    const index = this.course.procedures.findIndex((each) => childId(each) === id);
    if (this.course.procedures[index]?.type !== 'daq') return;
    for (const earlier of this.startOrder) {
      const { name } = this.course.procedures[earlier];
      const child = this.world.workflows.get(`${scan}/daq/${name}`);
      const over = child?.end !== undefined || name === this.course.taken;
      if (!over && !this.free.has(name)) throw new Error(`${id} begins while ${name} has the stand`);
      if (earlier > index) throw new Error(`${id} begins after ${name}`);
    }
    this.startOrder.push(index);
  }

  private watchActivity({ type, workflow }: Activity): void {
    if (type !== 'closeScan') return;
    const open = this.openChildren();
    if (open.length > 0) throw new Error(`closes while ${open.join()} runs: ${workflow.id}`);
    this.closings.push({});
  }

  private openChildren(): string[] {
    const running = [...this.world.workflows.values()].filter(({ parent, end }) => parent && end === undefined);
    return [...running.map(({ id }) => id), ...this.world.startings.map(({ id }) => id)];
  }

  /** Activity ends that tell the model what they did; most activities end well, or most scans would never begin. */
  private watched(ends: ActivityEnds): ActivityEnds {
    return (activity) => {
      const all = ends(activity);
      const isAny = activity.type === 'analyse' || this.choose(8) === 0;
      return (isAny ? all : all.slice(0, 1)).map((end) => ({ ...end, effect: () => this.watchEnd(activity, end) }));
    };
  }

  private watchEnd({ type }: Activity, { effect, failure }: ActivityEnd): void {
    effect?.();
    if (type === 'openScan' && failure === undefined) this.opened = true;
    const closing = this.closings.at(-1);
    if (type === 'closeScan' && closing) closing.ended = failure === undefined;
  }

  private children(): { procedure: OpenedProcedure; child: Workflow; name: string }[] {
    return this.course.procedures.flatMap((procedure) => {
      const child = this.world.workflows.get(childId(procedure));
      return child?.heard && child.end === undefined ? [{ procedure, child, name: procedure.name }] : [];
    });
  }

  private childMoves(): Move[] {
    const mayEnd = this.choose(5) === 0;
    return this.children().flatMap(({ procedure, child, name }) => [
      ...(['processing', 'acquiring', 'queued'] as const).map((state) => this.telling(procedure, { state })),
      this.telling(procedure, { ...asks, state: 'asking' }),
      ...(procedure.type === 'daq' ? [this.freeing(name), this.telling(procedure, { standFree: true })] : []),
      ...(mayEnd ? childEnds(procedure).map((end) => this.ending(child, end)) : []),
    ]);
  }

  private telling(procedure: OpenedProcedure, more: Partial<ToldProgress> & { state?: ProcedureState }): Move {
    const { name } = procedure;
    const make = (): void => {
      const number = (this.numbers.get(name) ?? 0) + 1;
      this.numbers.set(name, number);
      if (more.standFree) this.free.add(name);
      const { notes: _, ...told } = noProgress(procedure);
      this.world.signal(scan, 'procedureProgress', { ...told, ...more, number });
    };
    return { label: `${name} tells ${JSON.stringify(more)}`, make };
  }

  private freeing(name: string): Move {
    const make = (): void => {
      this.free.add(name);
      this.world.signal(scan, 'acquired', name);
    };
    return { label: `${name} has acquired`, make };
  }

  private ending(child: Workflow, end: WorkflowEnd): Move {
    return { label: `${child.id} is ${end.state}`, make: () => this.world.close(child, end) };
  }

  /** The plain course of things; where nothing moves people do what the scan says that it waits for. */
  private async settle(yard: Workflow): Promise<void> {
    for (let i = 0; i < 2000 && yard.end === undefined; i++) {
      const move = serverMoves(this.world, this.ends, () => 0)[0];
      if (move === undefined) await this.checkHeard(yard);
      await this.make(move ?? this.plainMoves()[0] ?? (await this.help(yard)));
    }
    if (yard.end === undefined) throw new Error('the scan goes on for ever');
  }

  /** When nothing is on its way any more, all children have heard what people want. */
  private async checkHeard(yard: Workflow): Promise<void> {
    const { phase } = (await yard.run.query('progress')) as ScanProgress;
    for (const { child, procedure } of this.children()) {
      const heard = (child.heard ?? []).map(({ name }) => name);
      const last = heard.filter((name) => name === 'pause' || name === 'resume').at(-1);
      const isTold = heard.includes('abort') || heard.includes('cancel');
      if (phase === 'aborting' && !isTold) throw new Error(`${child.id} has not heard of the abort`);
      if (isTold || procedure.type !== 'daq' || phase === 'aborting') continue;
      if ((phase === 'paused') !== (last === 'pause')) throw new Error(`${child.id} has heard ${last}: ${phase}`);
    }
  }

  private plainMoves(): Move[] {
    return this.children().flatMap(({ procedure, child }) => {
      const heard = (child.heard ?? []).map(({ name }) => name);
      const lastOf = Math.max(heard.lastIndexOf('pause'), heard.lastIndexOf('resume'));
      const [completed, aborted, , cancelled] = childEnds(procedure);
      if (heard.includes('cancel')) return [this.ending(child, cancelled)];
      if (heard.includes('abort')) return [this.ending(child, aborted)];
      if (procedure.type === 'daq' && heard[lastOf] === 'pause') return [];
      return [this.ending(child, completed)];
    });
  }

  private async help(yard: Workflow): Promise<Move> {
    const progress = (await yard.run.query('progress')) as ScanProgress;
    const { phase, waiting } = progress;
    if (phase === 'paused') return { label: 'resume', make: () => void this.world.signal(scan, 'resume') };
    if (waiting?.kind === 'answer')
      return { label: 'answer', make: () => void this.world.update(scan, 'answer', { verdict: 'accept' }) };
    throw new Error(`nothing moves, and the scan does not say what it waits for: ${JSON.stringify(progress)}`);
  }

  private checkEnd(yard: Workflow): void {
    const open = this.openChildren();
    if (open.length > 0) throw new Error(`ends while ${open.join()} runs`);
    const closed = this.closings.filter(({ ended }) => ended === true).length;
    const tries = this.closings.length;
    if (!this.opened ? tries > 0 : closed > 1 || tries > 2 || (closed === 0 && this.closings.at(-1)?.ended !== false))
      throw new Error(`the folder was given free ${closed} times in ${tries} tries`);
    const unanswered = [...this.world.updates].filter(
      ([, { accepted, rejected, result }]) => accepted && (rejected ?? result) === undefined,
    );
    if (unanswered.length > 0) throw new Error(`updates without an answer: ${JSON.stringify(unanswered)}`);
    const most = 60 + 30 * this.course.procedures.length + 10 * this.log.length;
    if (yard.events > most) throw new Error(`${yard.events} events after ${this.log.length} moves`);
  }
}

const text = 'an answer to x';
const asks = { waiting: { kind: 'answer', text, since: '2026-01-01T00:00:00Z' }, waitingFor: text } as const;

function childId({ type, name }: OpenedProcedure): string {
  return `${scan}/${type}/${name}`;
}

/** Completed, aborted, failed, cancelled, terminated. */
function childEnds({ type, name }: OpenedProcedure): WorkflowEnd[] {
  const output = `/nowhere/${name}`;
  const calibration = { path: `${output}.yaml`, sha256: name };
  const analysed = (accepted: boolean) => ({ output, calibration, accepted, reason: 'so' });
  const measured = (state: string) => ({ state, output, sha256: name, quarantined: 0 });
  const results = type === 'daq' ? ['done', 'aborted'].map(measured) : [true, false].map(analysed);
  return [
    ...results.map((result) => ({ state: 'completed' as const, result })),
    { state: 'failed', error: ApplicationFailure.nonRetryable('it cannot be', 'Error') },
    { state: 'cancelled' },
    { state: 'terminated' },
  ];
}

/** What people do, and what comes from the `temporal` command line. */
function userMoves(world: World, procedures: readonly OpenedProcedure[]): Move[] {
  const signals: [string, ...unknown[]][] = [
    ...([['pause'], ['pause', null], ['pause', { release: true }], ['resume'], ['abort', {}]] as [string][]),
    ...[['abort', { process: false }] as [string, unknown]],
    ...([
      ['pause', 'now'],
      ['abort', []],
      ['procedureProgress', null],
      ['procedureProgress', {}],
    ] as [string, unknown][]),
    ...([
      ['acquired', 7],
      ['procedureProgress', { name: 'p0', reasons: 1 }],
      ['resume', 1],
    ] as [string, unknown][]),
  ];
  const updates: [string, unknown][] = [
    ...([
      ['pause', {}],
      ['resume', undefined],
      ['abort', {}],
      ['pause', 'x'],
      ['abort', []],
    ] as [string, unknown][]),
    ...([
      ['answer', { verdict: 'accept' }],
      ['answer', { verdict: 'reject' }],
      ['answer', null],
    ] as [string, unknown][]),
    ['answer', { verdict: 'accept', procedure: procedures[0].name }],
  ];
  return [
    ...signals.map(([name, ...parameters]) => ({
      label: `signal ${name} ${JSON.stringify(parameters)}`,
      make: () => void world.signal(scan, name, ...parameters),
    })),
    ...updates.map(([name, input]) => ({
      label: `update ${name} ${JSON.stringify(input)}`,
      make: () => void world.update(scan, name, input),
    })),
    { label: 'cancel', make: () => world.cancel(scan) },
  ];
}
