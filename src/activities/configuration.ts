import { activityInfo } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { DatenraffinerieError } from '../domain/errors.js';
import type { ScanInput } from '../domain/scan/scan-input.js';
import type { CloseTask, FileReference, OpenedScan, ScanContext } from '../domain/scan/tasks.js';
import { writeFullCalibration } from '../io/configuration/calibration-files.js';
import {
  checkMarker,
  markFolder,
  moveOldAside,
  readOwner,
  removeTemporaries,
  writeOwner,
  type Owner,
} from '../io/output/output-folder.js';
import { freezeScan, readScan } from '../io/configuration/scan-opening.js';
import { withFailures } from './failures.js';
import { withHeartbeat } from './heartbeat.js';

export interface OpenTask {
  readonly input: ScanInput;
  readonly scan: string;
  readonly firstRunId: string;
}

/** Beginning and end of a scan. */
export interface ConfigurationActivities {
  /** Reads and checks everything, takes the output folder, freezes the configuration into it. */
  openScan(task: OpenTask): Promise<OpenedScan>;
  /** Writes the calibrations made here, lets go of the output folder. */
  closeScan(task: CloseTask): Promise<FileReference | null>;
}

export function createConfigurationActivities(client: Client): ConfigurationActivities {
  return {
    openScan: (task) => inActivity(() => openScan(client, task)),
    closeScan: (task) => inActivity(() => closeScan(task)),
  };
}

/** Refused folders and wrong files do not get better by waiting. */
function inActivity<T>(body: () => Promise<T>): Promise<T> {
  return withHeartbeat(
    () => null,
    () => withFailures(body, { retry: { BusyError: false, StorageError: false } }),
  );
}

async function openScan(client: Client, task: OpenTask): Promise<OpenedScan> {
  const { input, scan, firstRunId } = task;
  const read = await readScan(input); // before anything is written: bad input leaves no trace
  const marker = await markFolder(input.output);
  await takeOver(client, input, { scan, firstRunId });
  const context: ScanContext = {
    scan,
    firstRunId,
    marker,
    output: input.output,
    stand: read.stand,
    network: read.network,
    ...pick(input, ['maxFailedRuns', 'comment', 'operator', 'board']),
  };
  return { context, procedures: await freezeScan(read, input.output), warnings: read.warnings };
}

/** One scan at a time writes into a folder: another is refused unless its owner has ended. */
async function takeOver(
  client: Client,
  input: ScanInput,
  { scan, firstRunId }: Omit<OpenTask, 'input'>,
): Promise<void> {
  const owner = await readOwner(input.output);
  if (owner?.workflowId === scan && owner.firstRunId === firstRunId) return; // an earlier attempt of this activity
  if (owner !== undefined && owner.closed === undefined && (await isRunning(client, owner))) {
    throw new DatenraffinerieError('BusyError', `the scan '${owner.workflowId}' is writing into ${input.output}`, {
      remedy: `wait for it, abort it ('datenraffinerie abort ${owner.workflowId}'), or choose another --output`,
    });
  }
  const now = new Date().toISOString();
  if (input.fresh === true) await moveOldAside(input.output, now.replaceAll(':', '-'));
  await writeOwner(input.output, { workflowId: scan, firstRunId, namespace: activityInfo().namespace, started: now });
}

async function isRunning(client: Client, owner: Owner): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(owner.workflowId, owner.firstRunId).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function closeScan({ context, calibrations, state }: CloseTask): Promise<FileReference | null> {
  await checkMarker(context.output, context.marker);
  const full = calibrations.length === 0 ? null : await writeFullCalibration(context.output, calibrations);
  if (state === 'done') await removeTemporaries(context.output); // all has ended: nobody writes any more
  const owner = await readOwner(context.output);
  if (owner?.firstRunId === context.firstRunId) {
    await writeOwner(context.output, { ...owner, closed: new Date().toISOString() });
  }
  return full;
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Pick<T, K>;
}
