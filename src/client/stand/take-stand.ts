/**
 * Room: commands at the bench, under the stand's lease and lock.
 * May use: client, client/options, client/scan, client/text, domain/*, io, io/configuration, io/processes,
 * io/stand/hexaboard, io/stand/link, io/stand/locks, io/temporal, workflows.
 */

import type { Client } from '@temporalio/client';
import { DatenraffinerieError } from '../../domain/errors.js';
import { connectClient } from '../../io/temporal/connection.js';
import { lockHolder, StandLock } from '../../io/stand/locks/stand-lock.js';
import { workflowQueue } from '../../workflows/names.js';
import { hasPoller } from '../scan/wait-for-workers.js';
import { BenchLease, type StandWish } from './bench-lease.js';
import { standView } from './view.js';

/** A daq worker lets go of a stand that no longer has a scan within two. */
const lockSeconds = 3;
/** Who waits without a time limit. */
const dayInSeconds = 86_400;

const lockAlone = 'no lease was taken, the lock on this computer alone keeps others from the stand';

interface Surroundings {
  readonly signal: AbortSignal;
  /** Told what people should know. */
  warn(text: string): void;
}

/**
 * Runs `body` while nobody else can drive the stand: with the stand's lease, for which it queues like a scan, and its
 * lock. Refused with a BusyError where another has either, unless it may wait. Without a Temporal server, or without
 * workers for its workflows, there are no leases, and the lock alone decides; then `warn` is told.
 */
export async function takeStand<T>(
  stand: string,
  wish: StandWish,
  around: Surroundings,
  body: () => Promise<T>,
): Promise<T> {
  const connected = await connect(around.warn);
  if (connected === undefined) return withLock(stand, wish, around, body);
  try {
    const lease = await askForLease(connected.client, stand, wish);
    if (lease === undefined) {
      around.warn(`no workflow worker answers: ${lockAlone}`);
      return await withLock(stand, wish, around, body);
    }
    try {
      await untilGranted(connected.client, stand, lease, wish, around);
      return await withLock(stand, wish, around, body);
    } finally {
      await lease.end();
    }
  } finally {
    await connected.close();
  }
}

async function connect(warn: (text: string) => void): Promise<Awaited<ReturnType<typeof connectClient>> | undefined> {
  try {
    return await connectClient({ timeoutMs: 1000 });
  } catch (error) {
    if (!(error instanceof DatenraffinerieError) || error.type !== 'ServerError') throw error;
    warn(`${error.message}: ${lockAlone}`);
    return undefined;
  }
}

/** @returns undefined where no worker answers for workflows; then no scan can take the stand meanwhile */
async function askForLease(client: Client, stand: string, wish: StandWish): Promise<BenchLease | undefined> {
  const { lease } = await standView(client, stand);
  if (lease !== null && wish.wait !== true) throw await leased(client, stand);
  return (await hasPoller(client, workflowQueue)) ? BenchLease.ask(client, stand, wish) : undefined;
}

async function untilGranted(
  client: Client,
  stand: string,
  lease: BenchLease,
  { wait, timeout }: StandWish,
  { signal, warn }: Surroundings,
): Promise<void> {
  const refuse = new AbortController();
  const timer = timeout === undefined ? undefined : setTimeout(() => refuse.abort(), 1000 * timeout);
  const onWait = (who: string): void => (wait === true ? warn(`waiting for ${who}`) : refuse.abort());
  try {
    await lease.granted(AbortSignal.any([signal, refuse.signal]), onWait);
  } catch (error) {
    if (refuse.signal.aborted && !signal.aborted) throw await leased(client, stand);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function withLock<T>(stand: string, wish: StandWish, { signal }: Surroundings, body: () => Promise<T>) {
  const seconds = wish.wait === true ? (wish.timeout ?? dayInSeconds) : lockSeconds;
  const lock = await StandLock.take(stand, seconds, signal);
  if (lock === undefined) throw await busy(stand);
  try {
    await lock.record(wish.what);
    return await body();
  } finally {
    await lock.release();
  }
}

async function busy(stand: string): Promise<DatenraffinerieError> {
  const holder = await lockHolder(stand);
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host} (${holder.what})`;
  return new DatenraffinerieError('BusyError', `the stand ${stand} is in use by ${who}`, {
    remedy: "wait for it, or 'datenraffinerie pause --release' the scan that has it",
  });
}

async function leased(client: Client, stand: string): Promise<DatenraffinerieError> {
  const { lease } = await standView(client, stand);
  if (lease === null) {
    return new DatenraffinerieError('BusyError', `the stand ${stand} is wanted by others that waited before`, {
      remedy: `'datenraffinerie stand queue --stand ${stand}' shows them; --wait queues behind them`,
    });
  }
  const who = lease.operator === undefined ? lease.scan : `${lease.scan} (${lease.operator})`;
  const text = `the stand ${stand} is leased to ${who}, ${lease.procedure}, since ${lease.from}`;
  return new DatenraffinerieError('BusyError', text, {
    remedy: `wait for it with --wait, or 'datenraffinerie pause ${lease.scan} --release'`,
  });
}
