import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { QueueEdit, StandView } from '../../../src/workflows/messages.js';
import { loadWorkflows, type Fault } from '../../support/driver/bundle.js';
import { chooseBy, serverMoves, settle, type Chooser, type Move } from '../../support/driver/moves.js';
import { standEnds, wellTask } from '../../support/driver/stand-activities.js';
import { World, type Activity } from '../../support/driver/world.js';

const stand = 'stand/s';
const scans = ['a', 'b', 'c'];
const wellOf = (scan: string): string => `${scan}/daq/p`;
const bench = 'bench/s/1';

/** One stand, three Wells that want it and a command at the bench. */
class Lease {
  readonly trace: string[] = [];
  readonly starting = [...scans, bench];
  readonly ends;

  constructor(
    readonly world: World,
    private readonly choose: Chooser,
  ) {
    this.ends = standEnds(world);
  }

  async step(): Promise<void> {
    const server = serverMoves(this.world, this.ends, this.choose);
    const byUser = server.length === 0 || this.choose(6) === 5;
    const moves = byUser ? this.userMoves() : server;
    const move = moves[this.choose(moves.length)];
    if (move === undefined) return;
    this.trace.push(move.label);
    await move.make();
  }

  private userMoves(): Move[] {
    const { world } = this;
    if (this.starting.length > 0 && this.choose(3) > 0)
      return this.starting.map((id) => ({ label: `start ${id}`, make: () => this.begin(id) }));
    const tell = (id: string, name: string, ...parameters: unknown[]): Move => ({
      label: `${name} ${JSON.stringify(parameters)} to ${id}`,
      make: () => void world.signal(id, name, ...parameters),
    });
    const toWells = scans
      .map(wellOf)
      .filter((id) => world.runs(id))
      .flatMap((id) => [
        tell(id, 'pause'),
        tell(id, 'pause', { release: true }),
        tell(id, 'resume'),
        tell(id, 'abort'),
        { label: `cancel ${id}`, make: () => world.cancel(id) },
        { label: `terminate ${id}`, make: () => world.terminate(id) },
      ]);
    const toBench = world.runs(bench) ? [tell(bench, 'endBenchLease'), tell(bench, 'renewBenchLease')] : [];
    const edits: QueueEdit[] = scans.flatMap((id) => [
      { action: 'move', id, position: 0 },
      { action: 'remove', id },
      { action: 'hold', id },
    ]);
    const toStand = world.runs(stand)
      ? edits.map((edit) => ({ label: JSON.stringify(edit), make: () => void world.update(stand, 'editQueue', edit) }))
      : [];
    return [...toWells, ...toBench, ...toStand];
  }

  private async begin(id: string): Promise<void> {
    this.starting.splice(this.starting.indexOf(id), 1);
    if (id === bench) {
      await this.world.start(bench, 'benchLease', [{ stand: 's', what: 'stand write', priority: 3, urgent: false }]);
      return;
    }
    this.world.stubs.set(id, { signals: [] });
    const urgent = id === 'c';
    await this.world.start(wellOf(id), 'well', [wellTask(id, 3, { urgent, scanStarted: scans.indexOf(id) })]);
  }

  /** Everybody lets go and waits for what comes: nothing may be left. */
  async finish(): Promise<void> {
    const { world } = this;
    for (let round = 0; round < 15; round++) {
      for (const scan of scans) world.signal(wellOf(scan), 'resume');
      if (round > 0) world.signal(bench, 'endBenchLease');
      const queue = (await this.view())?.queue ?? [];
      for (const { held, holder } of queue) if (held) world.update(stand, 'editQueue', { action: 'hold', id: holder });
      this.trace.push('-- settle', ...(await settle(world, this.ends, 60)));
      const left = await this.view();
      if (this.waiting().length === 0 && left?.lease == null && left?.queue.length === 0) return;
    }
  }

  waiting(): string[] {
    return [...scans.map(wellOf), bench].filter((id) => this.world.runs(id));
  }

  async view(): Promise<StandView | undefined> {
    const workflow = this.world.workflows.get(stand);
    if (workflow === undefined || workflow.tasks === 0) return undefined;
    return (await workflow.run.query('stand')) as StandView;
  }
}

/** Nobody drives the stand beside somebody else. */
function oneHolder(world: () => World): (activity: Activity) => void {
  return (activity) => {
    if (activity.type !== 'acquire') return;
    const others = world().activities.filter(
      ({ type, workflow }) => type === 'acquire' && workflow !== activity.workflow,
    );
    if (others.some(({ workflow }) => workflow.end === undefined))
      throw new Error(`${activity.workflow.id} drives the stand beside ${others[0].workflow.id}`);
  };
}

/** What is chosen by a number, so many steps long. */
interface Sequence {
  readonly seed: number;
  readonly steps: number;
}

async function play(workflows: Awaited<ReturnType<typeof loadWorkflows>>, { seed, steps }: Sequence): Promise<void> {
  const world: World = new World(
    workflows,
    oneHolder(() => world),
  );
  if (seed % 2 === 1) world.firstEvents = 2960; // all soon continue as new
  const lease = new Lease(world, chooseBy(seed));
  try {
    for (let step = 0; step < steps; step++) await lease.step();
    await lease.finish();
    expect(lease.waiting()).toEqual([]);
    const view = await lease.view();
    expect([view?.lease ?? null, view?.queue ?? []]).toEqual([null, []]);
    if (seed % 8 === 0) for (const { run } of world.workflows.values()) await run.replay();
  } catch (error) {
    throw new Error(`${String(error)}\n${lease.trace.join('\n')}`, { cause: error });
  } finally {
    await world.dispose();
  }
}

const sequences = Number(process.env['DATENRAFFINERIE_FUZZ_SEQUENCES'] ?? 2000);
const anySequence = fc.record({ seed: fc.integer({ min: 0, max: 2 ** 31 }), steps: fc.integer({ min: 10, max: 120 }) });

async function check(faults: readonly Fault[], parameters: fc.Parameters<[Sequence]> = {}): Promise<void> {
  const workflows = await loadWorkflows(faults);
  await fc.assert(
    fc.asyncProperty(anySequence, (sequence) => play(workflows, sequence)),
    { numRuns: sequences, includeErrorInReport: true, ...parameters },
  );
}

const twoHolders: Fault = {
  code: 'takeRequest)(stand, request, stand.newer)',
  instead: 'takeRequest)(stand, request, false)',
};

test.each([['a lease that has ended is granted to its holder once more', twoHolders]])(
  'the model would show that %s',
  async (_, fault) => {
    // a seed whose first sequences show it: whether it is found must not be left to chance
    await expect(check([fault], { seed: 7, numRuns: 50 * sequences })).rejects.toThrow('beside');
  },
  600_000,
);

test('whatever happens in whatever order, a stand has one holder, and nobody waits for nothing', async () => {
  await check([]);
}, 7_200_000);
