import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { Client } from '@temporalio/client';
import { Context } from '@temporalio/activity';
import { withHeartbeat } from '../../../src/activities/heartbeat.js';
import type { AcquireActivities } from '../../../src/activities/acquire.js';
import type { AnalyseActivities } from '../../../src/activities/analyse.js';
import type { ConfigurationActivities } from '../../../src/activities/configuration.js';
import type { SearchAttributeActivities } from '../../../src/activities/search-attributes.js';
import type { ProcessActivities } from '../../../src/activities/process.js';
import type { NotifyActivities } from '../../../src/activities/notify.js';
import { createPingActivities } from '../../../src/activities/ping.js';
import { createPollerActivities } from '../../../src/activities/pollers.js';
import { createStandActivities } from '../../../src/activities/stand.js';
import type {
  AcquireOutcome,
  OpenedAnalysis,
  OpenedDaq,
  OpenedProcedure,
  ProcessOutcome,
} from '../../../src/domain/scan/tasks.js';
import { analysisQueue, daqQueue, processingQueue, standNames, workflowQueue } from '../../../src/workflows/names.js';
import { root } from '../disk/folders.js';
import { isRelease, releaseFolder } from './releases.js';

/** Activities of a scan that needs neither stand nor disk; tests replace what they look at. */
export interface FakeActivities
  extends
    SearchAttributeActivities,
    ConfigurationActivities,
    AcquireActivities,
    ProcessActivities,
    AnalyseActivities,
    NotifyActivities {}

const nothing = { acquired: 0, reused: 0, failed: 0, quarantined: 0, shortRuns: 0, secondsPerRun: 0.01, reasons: [] };

export function acquireOutcome(outcome: Partial<AcquireOutcome>): AcquireOutcome {
  return { end: 'chunk', next: 0, ...nothing, ...outcome };
}

export function daqProcedure(name: string, procedure: Partial<OpenedDaq> = {}): OpenedDaq {
  return { ...common(name), type: 'daq', runs: 10, merge: true, ...procedure };
}

export function analysisProcedure(
  name: string,
  dependsOn: string[],
  procedure: Partial<OpenedAnalysis> = {},
): OpenedAnalysis {
  const plain = { mode: 'summary', providesCalibration: false, moduleName: name } as const;
  return { ...common(name), type: 'analysis', ...plain, dependsOn, ...procedure };
}

function common(name: string): Omit<OpenedDaq, 'type' | 'runs' | 'merge'> {
  const file = { path: `/nowhere/${name}.yaml`, sha256: name };
  return { name, procedure: name, file, dependsOn: [], calibrations: [] };
}

/** A stand's and disk's worth of activities that do nothing, quickly, for these procedures. */
export function fakeActivities(procedures: readonly OpenedProcedure[], stand: string): FakeActivities {
  const processed = (from: number, to: number): ProcessOutcome => ({
    processed: to - from,
    reused: 0,
    damaged: 0,
    reasons: [],
  });
  return {
    openScan: async ({ input, scan, firstRunId }) => ({
      context: { scan, firstRunId, output: input.output, marker: 'm', stand, network: null },
      procedures,
      warnings: [],
    }),
    tryAnalyses: async () => [],
    findSearchAttributes: async ({ names }) => names,
    replaceNetwork: async ({ file }) => ({ path: file, sha256: file }),
    keepFolder: () =>
      withHeartbeat(
        () => null,
        () => Context.current().cancelled,
      ),
    closeScan: async () => null,
    notify: async () => undefined,
    prepare: async ({ procedure }) => ({ file: procedure.file, runs: procedure.runs, reused: 0, next: 0, reasons: [] }),
    acquire: async ({ name, from }) => {
      const runs = procedures.flatMap((each) => (each.type === 'daq' && each.name === name ? [each.runs] : []))[0];
      return acquireOutcome({ end: 'all', next: runs, acquired: runs - from });
    },
    meetStand: async () => null,
    quiet: async () => undefined,
    process: async ({ from, to }) => processed(from, to),
    merge: async ({ name }) => ({ output: `/nowhere/${name}.h5`, sha256: name, rows: 1, quarantined: 0 }),
    mergeAhead: async () => null,
    report: async () => undefined,
    analyse: async ({ name }) => ({
      output: `/nowhere/${name}`,
      calibration: null,
      verdict: 'accept',
      reason: '',
      timeoutSeconds: 1,
      onTimeout: 'reject',
      reused: false,
      undeclared: [],
    }),
  };
}

let bundle: Promise<{ code: string }> | undefined;

/** The workflow code as workers get it: the build's, or made here where the build is of another state of `src`. */
export function workflowBundle(): Promise<{ code: string }> {
  bundle ??=
    builtBundle() ?? bundleWorkflowCode({ workflowsPath: join(root, 'src/workflows/index.ts'), logger: silent });
  return bundle;
}

/** Where histories are saved as those of a release, the workflow code of that release. */
async function bundleToRun(): Promise<WorkflowBundleOption> {
  const version = process.env['SAVE_HISTORIES'] ?? '';
  if (!isRelease(version)) return workflowBundle();
  return { codePath: join(await releaseFolder(version), 'dist', 'workflow-bundle.js') };
}

function builtBundle(): Promise<{ code: string }> | undefined {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.js'), '--check']);
  if (status !== 0) return undefined;
  return readFile(join(root, 'dist/workflow-bundle.js'), 'utf8').then((code) => ({ code }));
}

const ignore = (): void => undefined;
const silent = { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Runs `body` with workers for the workflows and for all queues of a stand, or of several, whose activities are these. */
export async function withWorkers<T>(
  server: { readonly address: string; readonly client: Client },
  stand: string | readonly string[],
  activities: FakeActivities,
  body: () => Promise<T>,
): Promise<T> {
  const connection = await NativeConnection.connect({ address: server.address });
  const workflows = { workflowBundle: await bundleToRun() };
  const everywhere = {
    ...activities,
    ...createStandActivities(server.client, standNames),
    ...createPollerActivities(server.client),
  };
  const heartbeats = { maxHeartbeatThrottleInterval: '200ms', defaultHeartbeatThrottleInterval: '200ms' } as const;
  const common = { connection, activities: { ...everywhere, ...createPingActivities({ identity: 'test', pid: 1 }) } };
  const queues = [workflowQueue, processingQueue, analysisQueue, ...[stand].flat().map(daqQueue)];
  const workers = await Promise.all(
    queues.map(async (taskQueue) =>
      Worker.create({
        ...common,
        ...heartbeats,
        taskQueue,
        ...(taskQueue === workflowQueue ? workflows : {}),
      }),
    ),
  );
  const runs = workers.map((worker) => worker.run());
  try {
    return await body();
  } finally {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.all(runs);
    await connection.close();
  }
}
