import type { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import type { ScanInput } from '../../../src/domain/scan/scan-input.js';
import type { OpenedProcedure } from '../../../src/domain/scan/tasks.js';
import type { ScanProgress } from '../../../src/workflows/messages.js';
import { noProgress, type ToldProgress } from '../../../src/workflows/progress.js';
import { decode, type Command, type WorkflowEnd } from './jobs.js';
import { settle, type ActivityEnds } from './moves.js';
import { World, type Workflow } from './world.js';
import { scanEnds } from './yard-activities.js';

const scan = 's';

/** A scan whose children have no code: a test says what they tell and how they end. */
export class StubScan {
  readonly world: World;
  readonly commands: Command[] = [];
  private readonly ends: ActivityEnds;
  private yard: Workflow | undefined;

  constructor(
    workflows: ReusableVMWorkflowCreator,
    private readonly procedures: readonly OpenedProcedure[],
  ) {
    this.world = new World(workflows);
    this.ends = scanEnds(this.world, procedures);
    this.world.hasNoCode = (id) => id !== scan;
    this.world.onCommand = (command) => void this.commands.push(command);
  }

  get workflow(): Workflow {
    if (this.yard === undefined) throw new Error('the scan has not begun');
    return this.yard;
  }

  async begin(input: Partial<ScanInput> = {}): Promise<void> {
    await this.start(input);
    await this.settle();
  }

  private async start(input: Partial<ScanInput>): Promise<void> {
    const needed = { config: '/c.yaml', procedures: ['p'], output: '/nowhere' };
    this.yard = await this.world.start(scan, 'valveYard', [{ ...needed, ...input }]);
  }

  /** Begins, up to where something has come about. */
  async beginUntil(isThere: (world: World) => boolean): Promise<World> {
    await this.start({});
    return this.settleUntil(isThere);
  }

  async settleUntil(isThere: (world: World) => boolean): Promise<World> {
    for (let i = 0; !isThere(this.world) && i < 100; i++) await settle(this.world, this.ends, 1);
    return this.world;
  }

  /** All that follows by itself, children apart. */
  async settle(): Promise<void> {
    await settle(this.world, this.ends, 5000);
  }

  async signal(name: string, ...parameters: unknown[]): Promise<void> {
    this.world.signal(scan, name, ...parameters);
    await this.settle();
  }

  /** @returns what the update answered, or why not */
  async update(name: string, input?: unknown): Promise<unknown> {
    const id = this.world.update(scan, name, input);
    await this.settle();
    const { result, rejected } = this.world.updates.get(id) ?? {};
    return rejected ?? result;
  }

  async tell(name: string, more: Partial<ToldProgress>): Promise<void> {
    const procedure = this.procedures.find((each) => each.name === name);
    if (procedure === undefined) throw new Error(`no procedure ${name}`);
    await this.signal('procedureProgress', { ...noProgress(procedure), ...more });
  }

  /** What `DrfPhase` has shown, one after the other. */
  phases(): unknown[] {
    return this.commands.flatMap(({ upsertWorkflowSearchAttributes: upsert }) => {
      const payload = upsert?.searchAttributes?.indexedFields?.['DrfPhase'];
      return payload ? decode([payload]) : [];
    });
  }

  child(id: string): Workflow {
    const child = this.world.workflows.get(`${scan}/${id}`);
    if (child === undefined) throw new Error(`${id} was not started`);
    return child;
  }

  async end(id: string, end: WorkflowEnd): Promise<void> {
    this.world.close(this.child(id), end);
    await this.settle();
  }

  async progress(): Promise<ScanProgress> {
    return (await this.workflow.run.query('progress')) as ScanProgress;
  }

  async states(): Promise<string[]> {
    return (await this.progress()).procedures.map(({ state }) => state);
  }
}
