import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AcquireTask } from '../../../src/domain/scan/tasks.js';
import type { LeaseRequest, ScanProgress } from '../../../src/workflows/messages.js';
import type { WellResult } from '../../../src/workflows/messages.js';
import { loadWorkflows, type Fault } from '../../support/driver/bundle.js';
import { chooseBy, serverMoves, settle, type Chooser, type Move } from '../../support/driver/moves.js';
import { standEnds, wellTask } from '../../support/driver/stand-activities.js';
import { World, type Activity, type Workflow } from '../../support/driver/world.js';

const scan = 'a';
const id = 'a/daq/p';
const runs = 6;

/** A Well whose scan and stand say whatever they like whenever they like. */
class WellModel {
  readonly trace: string[] = [];
  readonly ends;
  asked = 0;
  private next = 0;

  constructor(
    readonly world: World,
    private readonly choose: Chooser,
  ) {
    this.ends = standEnds(world);
  }

  get well(): Workflow {
    const well = this.world.workflows.get(id);
    if (well === undefined) throw new Error('it was not started');
    return well;
  }

  /** What must hold of everything a Well asks for. */
  check(activity: Activity): void {
    if (activity.type === 'requestLease')
      this.asked = (activity.input as { request: LeaseRequest }).request.number ?? 0;
    if (activity.type !== 'acquire') return;
    if (this.world.activities.filter(({ type }) => type === 'acquire').length > 1)
      throw new Error('two chunks at once');
    const { from } = activity.input as AcquireTask;
    const looksAgain = from === 0; // at files that could not be processed
    if (from < this.next && !looksAgain) throw new Error(`run ${from} is measured again: ${this.next} was next`);
    this.next = from;
  }

  async step(): Promise<void> {
    const server = serverMoves(this.world, this.ends, this.choose);
    const moves = server.length === 0 || this.choose(5) === 4 ? this.outsideMoves() : server;
    const move = moves[this.choose(moves.length)];
    this.trace.push(move.label);
    await move.make();
  }

  private outsideMoves(): Move[] {
    const tell = (name: string, ...parameters: unknown[]): Move => ({
      label: `${name} ${JSON.stringify(parameters)}`,
      make: () => void this.world.signal(id, name, ...parameters),
    });
    const byScan = [tell('pause'), tell('pause', { release: true }), tell('resume'), tell('resume')];
    const rubbish = [tell('pause', 7), tell('abort', [null]), tell('leaseGranted', 'x'), tell('waitingFor', null)];
    const ends = [
      tell('abort'),
      tell('abort', { process: false }),
      { label: 'cancel', make: () => this.world.cancel(id) },
    ];
    const grants = [this.asked, this.asked, this.asked - 1, undefined].map((number) => tell('leaseGranted', number));
    const byStand = [tell('yieldLease'), tell('waitingFor', 'somebody'), tell('leaseRefused', 'removed')];
    return [...byScan, ...byScan, ...grants, ...grants, ...byStand, [...ends, ...rubbish][this.choose(7)]];
  }

  /** Everything goes well from now on. */
  async finish(): Promise<void> {
    for (let round = 0; round < 30 && this.well.end === undefined; round++) {
      this.trace.push('-- settle', ...(await settle(this.world, this.ends, 25)));
      if (this.well.end !== undefined) return;
      await this.saysWhy();
      this.world.signal(id, 'resume');
      this.world.signal(id, 'leaseGranted', this.asked);
    }
  }

  /** Where nothing moves, people must be told what is waited for. */
  private async saysWhy(): Promise<void> {
    const { world, well } = this;
    if (serverMoves(world, this.ends, () => 0).some(({ label }) => !label.startsWith('timer'))) return;
    const progress = (await well.run.query('progress')) as ScanProgress;
    if (progress.waitingFor === undefined) throw new Error(`waits in silence: ${JSON.stringify(progress)}`);
  }
}

interface Sequence {
  readonly seed: number;
  readonly steps: number;
}

async function play(workflows: Awaited<ReturnType<typeof loadWorkflows>>, { seed, steps }: Sequence): Promise<void> {
  const world: World = new World(workflows, (activity) => model.check(activity));
  const model = new WellModel(world, chooseBy(seed));
  if (seed % 2 === 1) world.firstEvents = 2960; // it soon continues as new
  for (const stub of [scan, 'stand/s']) world.stubs.set(stub, { signals: [] });
  await world.start(id, 'well', [wellTask(scan, runs)]);
  try {
    for (let step = 0; step < steps && model.well.end === undefined; step++) await model.step();
    await model.finish();
    check(model);
    if (seed % 8 < 2) await model.well.run.replay();
  } catch (error) {
    throw new Error(`${String(error)}\n${model.trace.join('\n')}`, { cause: error });
  } finally {
    await world.dispose();
  }
}

function check({ well, world }: WellModel): void {
  expect(well.end).toBeDefined();
  expect(well.events).toBeLessThan(4096);
  expect(world.activities.map(({ type }) => type)).toEqual([]);
  if (well.end?.state !== 'completed') return;
  const { state, progress } = well.end.result as WellResult;
  expect(progress?.state).toBe(state);
  if (state === 'done') expect([progress?.acquired, progress?.merged]).toEqual([runs, true]);
}

const sequences = Number(process.env['DATENRAFFINERIE_FUZZ_SEQUENCES'] ?? 2000);
const anySequence = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  steps: fc.integer({ min: 5, max: 100 }),
});

async function checkAll(faults: readonly Fault[], numRuns = sequences): Promise<void> {
  const workflows = await loadWorkflows(faults);
  await fc.assert(
    fc.asyncProperty(anySequence, (sequence) => play(workflows, sequence)),
    { numRuns, includeErrorInReport: true },
  );
}

const silence: Fault = { code: ".waitFor)(control, 'resume', 'resume')", instead: '.newControl)(undefined)' };

test('the model would show that a Well waits without saying for what', async () => {
  await expect(checkAll([silence])).rejects.toThrow('waits in silence');
});

test('whatever its scan and its stand say, a Well ends or says what it waits for, and measures each run once', async () => {
  await checkAll([]);
}, 7_200_000);
