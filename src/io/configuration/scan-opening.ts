import type { Configuration } from '../../domain/config/reading/configuration.js';
import { asPlanned } from '../../domain/config/reading/freeze.js';
import type { PlannedProcedure, Procedure } from '../../domain/config/procedure.js';
import type { Network } from '../../domain/config/network/network.js';
import type { ConfigMap } from '../../domain/config/value.js';
import { DatenraffinerieError, formatProblem } from '../../domain/errors.js';
import { plannedAgain } from '../../domain/plan/again.js';
import { modeOfAnalysis } from '../../domain/plan/analysis-mode.js';
import type { Origin } from '../../domain/scan/origin.js';
import { notesKept } from '../../domain/scan/notes.js';
import { orderProcedures } from '../../domain/plan/order.js';
import { planProcedure } from '../../domain/plan/plan-procedure.js';
import { usualStand, type ScanInput } from '../../domain/scan/scan-input.js';
import type { OpenedProcedure } from '../../domain/scan/tasks.js';
import { readConfiguration } from './config-reader.js';
import { writeFrozen } from './frozen-procedure.js';
import { readGivenCalibration } from './calibration-files.js';
import { readUsersNetwork, type ReadNetwork } from './frozen-network.js';
import { openedPath } from '../output/paths.js';
import { checkStand } from '../stand/open-stand.js';

type Facts<T> = T extends OpenedProcedure ? Omit<T, keyof PlannedProcedure | 'file'> & Pick<T, 'type'> : never;

/** A procedure of the plan, and what its plan and its data say of it. */
interface ReadProcedure {
  readonly procedure: Procedure;
  readonly facts: Facts<OpenedProcedure>;
}

/** A scan's configuration, read and checked; nothing has been written yet. */
export interface ReadScan {
  readonly stand: string;
  readonly network: ReadNetwork | undefined;
  readonly planned: readonly (ReadProcedure & { readonly entry: PlannedProcedure })[];
  /** Planned names of the analyses that are to be run again. */
  readonly again: ReadonlySet<string>;
  readonly external: readonly ConfigMap[];
  readonly warnings: readonly string[];
}

/** Reads everything a scan is made of. Throws ConfigError with all that is wrong. */
export async function readScan(input: ScanInput): Promise<ReadScan> {
  const configuration = await readConfiguration(input.config);
  const entries = orderProcedures(configuration, input.procedures);
  const again = plannedAgain(entries, input.again ?? []);
  const needed = entries.some(({ type }) => type === 'daq');
  const network = await networkOf(input, needed);
  const external = input.calibration === undefined ? [] : [await readGivenCalibration(input.calibration)];
  const stand = input.stand ?? network?.network.name ?? usualStand;
  return {
    stand,
    network,
    planned: await planAll(entries, {
      procedures: configuration.procedures,
      external,
      origin: { board: input.board, stand, any: input.anyStand },
      network: network?.network,
    }),
    again,
    external,
    warnings: configuration.warnings.map(formatProblem).slice(0, notesKept),
  };
}

/** Freezes every procedure into the output folder; a reference says by its sha256 which content is meant. */
export async function freezeScan({ planned, external, again }: ReadScan, output: string): Promise<OpenedProcedure[]> {
  const opened: OpenedProcedure[] = [];
  for (const { entry, procedure, facts } of planned) {
    const { name, dependsOn, calibrations } = entry;
    const frozen = procedure.type === 'daq' ? asPlanned(procedure, name, external) : { ...procedure, name };
    const file = await writeFrozen(openedPath(output, name), frozen);
    const common = { name, procedure: entry.procedure, dependsOn, calibrations, file };
    opened.push({ ...common, ...facts, ...(again.has(name) ? { again: true } : {}) });
  }
  return opened;
}

interface PlanningParts extends Pick<Configuration, 'procedures'> {
  readonly external: readonly ConfigMap[];
  readonly origin: Origin;
  readonly network: Network | undefined;
}

/** Plans every procedure once, however often it is taken. */
async function planAll(entries: readonly PlannedProcedure[], parts: PlanningParts): Promise<ReadScan['planned']> {
  const known = new Map<string, ReadProcedure>();
  const planned: ReadScan['planned'][number][] = [];
  for (const entry of entries) {
    const procedure = parts.procedures.get(entry.procedure);
    if (procedure === undefined) throw new Error(`'${entry.procedure}' was planned, but is none`);
    const read = known.get(entry.procedure) ?? { procedure, facts: await factsOf(procedure, parts) };
    known.set(entry.procedure, read);
    planned.push({ entry, ...read });
  }
  return planned;
}

async function factsOf(procedure: Procedure, parts: PlanningParts): Promise<ReadProcedure['facts']> {
  if (procedure.type === 'analysis') {
    const { moduleName, providesCalibration } = procedure;
    const mode = modeOfAnalysis(procedure, parts.procedures);
    return { type: 'analysis', mode, moduleName, providesCalibration };
  }
  const { external, origin, network } = parts;
  const plan = planProcedure(procedure, external, origin);
  if (network !== undefined) await checkStand(network, plan);
  return { type: 'daq', runs: plan.runs, merge: procedure.merge };
}

async function networkOf(input: ScanInput, needed: boolean): Promise<ReadNetwork | undefined> {
  if (input.network !== undefined) return readUsersNetwork(input.network);
  if (!needed) return undefined;
  throw new DatenraffinerieError('ConfigError', 'a scan that takes data must know where the test stand is', {
    remedy: 'give its network file: --network FILE',
  });
}
