import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAcquireActivities } from '../../src/activities/acquire.js';
import type { RawSink, StandDriver, StandRun } from '../../src/domain/daq/stand.js';
import { encodeRun } from '../../src/domain/hgcroc/encode.js';
import type { AcquireOutcome, AcquireTask } from '../../src/domain/scan/tasks.js';
import { writeFrozen } from '../../src/io/configuration/frozen-procedure.js';
import { markFolder } from '../../src/io/output/output-folder.js';
import { StandSession } from '../../src/io/stand/stand-session.js';
import { daqProcedure } from '../support/plans/daq-procedure.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { generateRecords } from '../support/raw/raw-runs.js';

const runs = 3;

/** A stand that takes no time. */
class QuickDriver implements StandDriver {
  readonly kind = 'recorded';
  readonly did: string[] = [];

  async begin(): Promise<void> {
    this.did.push('begin');
  }

  async takeRun(run: StandRun, sink: RawSink): Promise<object> {
    this.did.push(`run ${run.index}`);
    run.onStart?.();
    await sink.write(encodeRun(generateRecords({ events: 3, chips: 1, seed: run.index }), { layout: 'split' }));
    return {};
  }

  async quiet(): Promise<void> {
    this.did.push('quiet');
  }

  async close(): Promise<void> {
    this.did.push('close');
  }
}

const noWell = { tell: async () => undefined, isAborting: async () => false };

describe('acquire', () => {
  let output = '';
  let task: AcquireTask;
  let driver: QuickDriver;
  let session: StandSession;
  let environment: MockActivityEnvironment;

  beforeEach(async () => {
    vi.stubEnv('XDG_STATE_HOME', temporaryFolder());
    output = temporaryFolder();
    const marker = await markFolder(output);
    const paths = [0, 1].map((half) => ['target', 'roc_s0', 'ReferenceVoltage', half, 'Calib']);
    const procedure = daqProcedure({
      defaults: 'target: {roc_s0: {ReferenceVoltage: {0: {Calib: 0}, 1: {Calib: 0}}}}',
      axes: [{ kind: 'key', name: 'calib', paths, values: Array.from({ length: runs }, (_, run) => run) }],
    });
    const file = await writeFrozen(join(output, 'scan', 'procedure.yaml'), { ...procedure, name: 'scan' });
    const context = { scan: 's', firstRunId: 'first', output, marker, stand: 'local', network: null };
    task = { context, name: 'scan', file, from: 0, seconds: 60 };
    driver = new QuickDriver();
    const parts = { openDriver: async () => driver, attemptLives: async () => true, log: () => undefined };
    session = new StandSession('local', parts);
    environment = new MockActivityEnvironment({ attempt: 1 });
  });
  afterEach(async () => {
    await session.close();
    vi.unstubAllEnvs();
  });

  const acquire = (): Promise<AcquireOutcome> =>
    environment.run((task: AcquireTask) => createAcquireActivities(session, noWell).acquire(task), task);
  const manifest = (): string => join(output, 'scan', 'manifest.jsonl');

  it('measures what is not on disk, tells how far it is, and keeps the stand for the next chunk', async () => {
    const beats: unknown[] = [];
    environment.on('heartbeat', (details: unknown) => beats.push(details));
    expect(await acquire()).toMatchObject({ end: 'all', next: runs, acquired: runs, reused: 0, failed: 0 });
    const lines = readFileSync(manifest(), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { run: number }).run)).toEqual([0, 1, 2]);
    expect(driver.did).toEqual(['begin', 'run 0', 'run 1', 'run 2']);
    expect(beats[0]).toEqual({ run: runs - 1, acquired: runs, since: expect.any(String) }); // one object, which goes on
    expect(await acquire()).toMatchObject({ end: 'all', acquired: 0, reused: runs });
  });

  it('says by kind, and as a text, why a run is measured again', async () => {
    await acquire();
    rmSync(join(output, 'scan', 'raw', 'run_00001.raw'));
    const text = 'raw/run_00001.raw is missing';
    const told = { notes: [{ kind: 'again', text }], reasons: [text] };
    expect(await acquire()).toMatchObject({ acquired: 1, reused: runs - 1, ...told });
  });

  it('ends between two runs where it is asked to', async () => {
    const take = driver.takeRun.bind(driver);
    driver.takeRun = (run, sink) => {
      if (run.index === 1) environment.cancel('CANCELLED');
      return take(run, sink);
    };
    expect(await acquire()).toMatchObject({ end: 'cancelled', next: 2, acquired: 2 });
  });

  it('ends its writing thread where the manifest cannot be read', async () => {
    let ended = false;
    process.once('worker', (thread: Worker) => {
      thread.once('exit', () => (ended = true));
      // it is ready, and has opened the manifest for itself
      thread.once('message', () => {
        rmSync(manifest());
        mkdirSync(manifest());
      });
    });
    await expect(acquire()).rejects.toThrow('EISDIR');
    expect(ended).toBe(true);
    expect(driver.did).toEqual(['quiet', 'close']);
    rmSync(manifest(), { recursive: true });
    writeFileSync(manifest(), '');
    expect(await acquire()).toMatchObject({ end: 'all', acquired: runs });
  });
});
