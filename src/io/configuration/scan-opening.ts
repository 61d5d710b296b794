import { join } from 'node:path';
import type { AnalysisProcedure, DaqProcedure, PlannedProcedure } from '../../domain/config/procedure.js';
import type { Network } from '../../domain/config/network/network.js';
import type { ConfigMap } from '../../domain/config/value.js';
import { DatenraffinerieError, formatProblem } from '../../domain/errors.js';
import { plannedAgain } from '../../domain/scan/again.js';
import { modeOfAnalysis } from '../../domain/scan/analysis-mode.js';
import { makePlan } from '../../domain/scan/make-plan.js';
import { orderProcedures } from '../../domain/scan/order.js';
import { planProcedure } from '../../domain/scan/plan-procedure.js';
import type { ScanRequest } from '../../domain/scan/request.js';
import type { FileReference, OpenedProcedure } from '../../domain/scan/tasks.js';
import { readConfiguration } from './config-reader.js';
import { fileSha256 } from '../files.js';
import { writeFrozen } from './frozen-procedure.js';
import { readGivenCalibration } from './calibration-files.js';
import { readNetwork } from './network-reader.js';
import { checkStand } from '../stand/open-stand.js';

const warningsKept = 20;

/** A scan's configuration, read and checked; nothing has been written yet. */
export interface ReadScan {
  readonly stand: string;
  readonly network: FileReference | null;
  readonly planned: readonly {
    readonly entry: PlannedProcedure;
    readonly procedure: DaqProcedure | AnalysisProcedure;
  }[];
  /** Planned names of the analyses that are to be run again. */
  readonly again: ReadonlySet<string>;
  readonly external: readonly ConfigMap[];
  readonly board: string | undefined;
  readonly warnings: readonly string[];
}

/** Reads everything a scan is made of. Throws ConfigError with all that is wrong. */
export async function readScan(request: ScanRequest): Promise<ReadScan> {
  const configuration = await readConfiguration(request.config);
  const planned = orderProcedures(configuration, request.procedures).map((entry) => {
    const procedure = configuration.procedures.get(entry.procedure);
    if (procedure === undefined)
      throw new DatenraffinerieError('ConfigError', `unknown procedure '${entry.procedure}'`);
    return { entry, procedure };
  });
  const again = plannedAgain(
    planned.map(({ entry }) => entry),
    request.again ?? [],
  );
  const network = await networkOf(
    request,
    planned.some(({ procedure }) => procedure.type === 'daq'),
  );
  const external = request.calibration === undefined ? [] : [await readGivenCalibration(request.calibration)];
  const daq = planned.flatMap(({ procedure }) => (procedure.type === 'daq' ? [procedure] : []));
  const warnings = configuration.warnings.map(formatProblem);
  for (const procedure of daq) {
    const plan = planProcedure(procedure, external, { board: request.board });
    if (network !== undefined) await checkStand(network.network, plan);
  }
  const stand = request.stand ?? network?.network.name ?? 'local';
  return {
    stand,
    network: network?.file ?? null,
    planned,
    again,
    external,
    board: request.board,
    warnings: warnings.slice(0, warningsKept),
  };
}

/** Freezes every procedure into the output folder, under a name that its content decides. */
export async function freezeScan(read: ReadScan, output: string): Promise<OpenedProcedure[]> {
  const opened: OpenedProcedure[] = [];
  for (const { entry, procedure } of read.planned) {
    const calibrations = procedure.type === 'daq' ? read.external : [];
    const file = await writeFrozen(join(output, '.scan', `${entry.name}.yaml`), procedure, entry.name, calibrations);
    const again = read.again.has(entry.name) ? { again: true } : {};
    opened.push({ ...entry, file, ...factsOf(read, procedure), ...again });
  }
  return opened;
}

type Facts = Pick<OpenedProcedure, 'runs' | 'mode' | 'merge' | 'providesCalibration' | 'moduleName'>;

function factsOf(read: ReadScan, procedure: DaqProcedure | AnalysisProcedure): Facts {
  if (procedure.type === 'daq') {
    const { runs } = makePlan(procedure, read.external, { board: read.board });
    return { runs, mode: procedure.mode, merge: procedure.merge, providesCalibration: false, moduleName: '' };
  }
  const mode = modeOfAnalysis(procedure, new Map(read.planned.map((each) => [each.procedure.name, each.procedure])));
  const { moduleName, providesCalibration } = procedure;
  return { runs: 0, mode, merge: true, providesCalibration, moduleName };
}

async function networkOf(
  request: ScanRequest,
  needed: boolean,
): Promise<{ network: Network; file: FileReference } | undefined> {
  if (request.network === undefined) {
    if (!needed) return undefined;
    throw new DatenraffinerieError('ConfigError', 'a scan that takes data must know where the test stand is', {
      remedy: 'give its network file: --network FILE',
    });
  }
  const network = await readNetwork(request.network);
  return { network, file: { path: request.network, sha256: await fileSha256(request.network) } };
}
