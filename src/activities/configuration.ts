import { setTimeout as delay } from 'node:timers/promises';
import { cancellationSignal } from '@temporalio/activity';
import { DatenraffinerieError } from '../domain/errors.js';
import type { ScanInput } from '../domain/scan/scan-input.js';
import type { CloseTask, FileReference, OpenedScan, ScanContext } from '../domain/scan/tasks.js';
import { writeFullCalibration } from '../io/configuration/calibration-files.js';
import { checkFolder, markFolder, removeTemporaries, requireOurs } from '../io/output/output-folder.js';
import { readOwner, renewOwner, writeOwner } from '../io/output/owner.js';
import { writeScanEnd } from '../io/output/scan-end.js';
import { replaceNetwork } from '../io/configuration/frozen-network.js';
import { ApartOpening } from '../io/configuration/open-apart.js';
import { openingHeart, whileAlive } from './opening/opening-heart.js';
import { takeFolder } from './opening/take-folder.js';
import type { FolderServer } from './opening/folder-server.js';
import { withFailures } from './failures.js';
import { withHeartbeat } from './heartbeat.js';

/** Whoever doubts that a scan lives looks twice, 12 s apart. */
const renewMs = 5000;

export interface OpenTask {
  readonly input: ScanInput;
  readonly scan: string;
  readonly firstRunId: string;
}

export interface ReplaceTask {
  readonly context: ScanContext;
  readonly file: string;
}

/** Beginning and end of a scan. */
export interface ConfigurationActivities {
  /** Reads and checks everything, takes the output folder, freezes the configuration into it. */
  openScan(task: OpenTask): Promise<OpenedScan>;
  /** Puts another network file of the user's in the place of the scan's. */
  replaceNetwork(task: ReplaceTask): Promise<FileReference>;
  /** For as long as the scan runs: says beside its folder that it lives. Ends by cancellation, or where the folder is lost. */
  keepFolder(context: ScanContext): Promise<void>;
  /** Writes the calibrations made here, lets go of the output folder. */
  closeScan(task: CloseTask): Promise<FileReference | null>;
}

export function createConfigurationActivities(server: FolderServer): ConfigurationActivities {
  return {
    openScan: (task) => {
      const heart = openingHeart();
      return inActivity(() => whileAlive(heart, () => openScan(server, task)), heart);
    },
    replaceNetwork: (task) => inActivity(() => replaceNetworkOf(task)),
    keepFolder: (context) =>
      withHeartbeat(
        () => null,
        () => withFailures(() => keepFolder(context), { patient: true }),
      ),
    closeScan: (task) => inActivity(() => closeScan(task)),
  };
}

/** Refused folders and wrong files do not get better by waiting. */
function inActivity<T>(body: () => Promise<T>, heart: object | null = null): Promise<T> {
  return withHeartbeat(
    () => heart,
    () => withFailures(body, { retry: { BusyError: false, StorageError: false } }),
  );
}

async function openScan(server: FolderServer, task: OpenTask): Promise<OpenedScan> {
  const opening = new ApartOpening(task.input, cancellationSignal());
  try {
    return await openApart(server, task, opening);
  } finally {
    await opening.close();
  }
}

async function openApart(server: FolderServer, task: OpenTask, opening: ApartOpening): Promise<OpenedScan> {
  const { input, scan, firstRunId } = task;
  const read = await opening.read(); // before anything is written: bad input leaves no trace
  if (input.fresh === true) await requireOurs(input.output);
  const marker = await markFolder(input.output);
  await takeFolder(server, input, { scan, firstRunId });
  const { network, procedures } = await opening.freeze();
  const context: ScanContext = {
    scan,
    firstRunId,
    marker,
    output: input.output,
    stand: read.stand,
    network,
    ...pick(input, ['maxFailedRuns', 'comment', 'operator', 'board', 'anyStand']),
  };
  return { context, procedures, warnings: read.warnings };
}

async function keepFolder({ output, firstRunId }: ScanContext): Promise<void> {
  const signal = cancellationSignal();
  while (!signal.aborted) {
    await renewOwner(output, firstRunId);
    await delay(renewMs, undefined, { signal });
  }
}

async function replaceNetworkOf({ context, file }: ReplaceTask): Promise<FileReference> {
  await checkFolder(context);
  if (context.network === null) throw new DatenraffinerieError('ConfigError', 'the scan has no network file');
  return replaceNetwork(file, context.output, context.network);
}

async function closeScan({ context, calibrations, state, procedures }: CloseTask): Promise<FileReference | null> {
  await checkFolder(context);
  const full = calibrations.length === 0 ? null : await writeFullCalibration(context.output, calibrations);
  if (state === 'done') await removeTemporaries(context.output); // all has ended: nobody writes any more
  const owner = await readOwner(context.output);
  const ended = new Date().toISOString();
  const { firstRunId, output } = context;
  const known = pick(context, ['scan', 'firstRunId', 'stand', 'board', 'operator', 'comment']);
  if (procedures !== undefined) await writeScanEnd(output, { ...known, state, ended, procedures });
  if (owner?.firstRunId === firstRunId) await writeOwner(output, { ...owner, closed: ended });
  return full;
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Pick<T, K>;
}
