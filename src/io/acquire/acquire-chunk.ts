import type { AcquireOutcome } from '../../domain/scan/tasks.js';
import type { AcquireJob, AcquireWork } from './acquire-job.js';
import { acquireRuns } from './acquire-runs.js';
import { runsLockPath } from '../output/paths.js';
import { WriterLock } from '../output/writer-lock.js';
import { FailureLog } from '../output/failure-log.js';
import { Manifest } from '../output/manifest.js';
import { RunStore } from './run-store.js';
import type { SessionUser, StandSession, StandUse } from '../stand/stand-session.js';

/** Where a chunk's runs go, and who hears of it. */
export interface ChunkFolder {
  /** The procedure's. */
  readonly path: string;
  /** First run id of the scan: another one tries again what failed. */
  readonly scan: string;
  readonly warn: (text: string) => void;
}

/** Acquires a chunk with a stand, once it is `user`'s turn; everything is closed at its end but what the session keeps. */
export function acquireChunk(
  session: StandSession,
  user: SessionUser,
  folder: ChunkFolder,
  job: AcquireJob,
): Promise<AcquireOutcome> {
  const { signal } = job;
  return session.run(user, signal, (use) =>
    withFiles({ ...folder, signal }, use, (files) => acquireRuns({ ...job, ...files })),
  );
}

type WorkFiles = Omit<AcquireWork, keyof AcquireJob>;

async function withFiles<T>(
  folder: ChunkFolder & { readonly signal: AbortSignal },
  use: StandUse,
  body: (files: WorkFiles) => Promise<T>,
): Promise<T> {
  const lock = await WriterLock.take(runsLockPath(folder.path), folder.signal);
  try {
    if (lock.warning !== undefined) folder.warn(lock.warning);
    return await withOpenFiles(folder, use, body);
  } finally {
    await lock.release();
  }
}

async function withOpenFiles<T>(
  folder: ChunkFolder,
  use: StandUse,
  body: (files: WorkFiles) => Promise<T>,
): Promise<T> {
  const store = await RunStore.open(folder.path);
  try {
    if (store.warning !== undefined) folder.warn(store.warning);
    const manifest = await Manifest.open(folder.path);
    try {
      for (const warning of manifest.warnings) folder.warn(warning);
      return await body({ store, manifest, failures: await FailureLog.open(folder.path, folder.scan), use });
    } finally {
      await manifest.close();
    }
  } finally {
    await store.close();
  }
}
