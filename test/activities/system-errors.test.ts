import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Client } from '@temporalio/client';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { createAcquireActivities } from '../../src/activities/acquire.js';
import { createAnalyseActivities } from '../../src/activities/analyse.js';
import { createConfigurationActivities } from '../../src/activities/configuration.js';
import { createProcessActivities } from '../../src/activities/process.js';
import { pendingWork } from '../../src/client/scan/pending.js';
import type { ScanContext } from '../../src/domain/scan/tasks.js';
import { ProcessingPool } from '../../src/io/process/processing-pool.js';
import { ThreadPool } from '../../src/io/threads/thread-pool.js';
import { StandSession } from '../../src/io/stand/stand-session.js';
import { readText } from '../support/tools/markdown.js';

// Each error of the system at each activity, against the table of docs/failures.md.
const fault = vi.hoisted(() => ({ error: undefined as Error | undefined }));

vi.mock(import('../../src/io/output/output-folder.js'), async (original) => {
  const fail = () => Promise.reject(fault.error ?? new Error('no fault was chosen'));
  return { ...(await original()), checkFolder: fail, markFolder: fail };
});
vi.mock(import('../../src/io/output/owner.js'), async (original) => ({
  ...(await original()),
  renewOwner: () => Promise.reject(fault.error ?? new Error('no fault was chosen')),
}));
vi.mock(import('../../src/io/configuration/open-apart.js'), async (original) => {
  const { ApartOpening } = await original();
  return {
    ApartOpening: class extends ApartOpening {
      override read() {
        return Promise.resolve({ stand: 'local', warnings: [] });
      }
    },
  };
});

const pool = new ProcessingPool(new ThreadPool(1));
afterAll(() => pool.close());

const context = { scan: 's', firstRunId: 'f', output: '/out', marker: 'm', stand: 'local', network: null };
const file = { path: '/out/p.yaml', sha256: 'x' };
const session = new StandSession('local', {
  openDriver: () => Promise.reject(new Error('not so far')),
  attemptLives: async () => false,
  log: () => undefined,
});
const configuration = createConfigurationActivities({
  namespaceId: async () => 'n',
  runs: async () => undefined,
  leftovers: async () => [],
});
const processing = createProcessActivities(pool);
const setting = { analyses: [], python: 'python3', timeLimit: 10 };
const scan: ScanContext = context;

/** The real activities, as their workers run them. */
const nobody = { tell: async () => undefined, isAborting: async () => false };
const activities: Readonly<Record<string, () => Promise<unknown>>> = {
  openScan: () =>
    configuration.openScan({ input: { config: 'c', procedures: [], output: '/out' }, scan: 's', firstRunId: 'f' }),
  closeScan: () => configuration.closeScan({ context: scan, calibrations: [], state: 'done' }),
  replaceNetwork: () => configuration.replaceNetwork({ context: scan, file: 'n' }),
  prepare: () => processing.prepare({ context: scan, procedure: { file } } as never),
  acquire: () =>
    createAcquireActivities(session, nobody).acquire({ context: scan, name: 'p', file, from: 0, seconds: 1 } as never),
  process: () => processing.process({ context: scan, name: 'p', file, from: 0, to: 1 } as never),
  merge: () => processing.merge({ context: scan, name: 'p', file } as never),
  analyse: () => createAnalyseActivities(setting).analyse({ context: scan, name: 'p', file, inputs: [] } as never),
  mergeAhead: () => processing.mergeAhead({ context: scan, name: 'p', file } as never),
  report: () => processing.report({ context: scan }),
  keepFolder: () => configuration.keepFolder(scan),
};

const text = readText('docs/failures.md');
const section = text.slice(text.indexOf('## What the system says'));
const codes = [...section.slice(0, section.indexOf(')')).matchAll(/`(E[A-Z]+)`/g)].map(([, code]) => code);
const rows = [...section.matchAll(/^\| `(\w+)` \| (.*) \| (.*) \|$/gm)].map(([, name, status, end]) => ({
  name,
  status,
  end,
}));

interface Failure {
  readonly type?: string | null;
  readonly message: string;
  readonly nonRetryable?: boolean | null;
}

async function failureOf(name: string, code: string): Promise<Failure> {
  fault.error = Object.assign(new Error(`${code}: something, open '/out/x'`), { code, syscall: 'open' });
  const environment = new MockActivityEnvironment({ attempt: 7 }, { logger: new DefaultLogger('ERROR') });
  return environment.run(activities[name]).then(
    () => expect.fail(`${name} succeeded`),
    (failure: Failure) => failure,
  );
}

/** What `status` makes of an activity that has failed so and is tried again. */
async function statusOf(name: string, { type, message }: Failure): Promise<string | undefined> {
  const lastFailure = { message, applicationFailureInfo: { type } };
  const now = { seconds: Math.floor(Date.now() / 1000), nanos: 0 };
  const activity = { activityType: { name }, state: 2, attempt: 8, scheduledTime: now, lastFailure };
  const describe = async () => ({ raw: { pendingActivities: [activity] } });
  const client = { workflow: { getHandle: () => ({ describe }) } } as unknown as Client;
  return (await pendingWork(client, 's')).waiting?.text;
}

test('the table has every activity that touches an output folder, and the system says more than ten things', () => {
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(activities));
  expect(codes.length).toBeGreaterThan(10);
});

describe.each(rows)('$name', ({ name, status, end }) => {
  test.each(codes)('%s', async (code) => {
    const failure = await failureOf(name, code);
    expect(failure.type).toBe('StorageError');
    expect(failure.message).toContain(`${code}: something`);
    expect(failure.nonRetryable === true).toBe(end === 'at once');
    if (status.startsWith('waiting')) {
      const said = `${status.slice('waiting for '.length, status.indexOf(' (try'))} (try 8): ${code}: something, open '/out/x'`;
      expect(await statusOf(name, failure)).toBe(said);
    }
  });
});
