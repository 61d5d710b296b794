import type { Client } from '@temporalio/client';
import { DatenraffinerieError } from '../../domain/errors.js';
import { connectClient } from '../../io/connection.js';
import { lockHolder, StandLock } from '../../io/stand-lock.js';
import { standView } from './view.js';

/** A daq worker lets go of a stand that no longer has a scan within two. */
const lockSeconds = 3;

/**
 * Runs `body` while nobody else can drive the stand: refused where another process holds its lock, or where a scan has
 * its lease, also one that is paused. Without a Temporal server there are no leases, and the lock alone decides; then
 * `warn` is told.
 * @param what the stand is used for, for whoever is refused meanwhile
 */
export async function takeStand<T>(
  stand: string,
  what: string,
  warn: (text: string) => void,
  body: () => Promise<T>,
): Promise<T> {
  const lock = await StandLock.take(stand, lockSeconds);
  if (lock === undefined) throw await busy(stand);
  try {
    await lock.record(what);
    await checkLease(stand, warn);
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

async function checkLease(stand: string, warn: (text: string) => void): Promise<void> {
  const connected = await connect(warn);
  if (connected === undefined) return;
  try {
    await refuseLeased(connected.client, stand);
  } finally {
    await connected.close();
  }
}

async function connect(warn: (text: string) => void): Promise<Awaited<ReturnType<typeof connectClient>> | undefined> {
  try {
    return await connectClient({ timeoutMs: 1000 });
  } catch (error) {
    if (!(error instanceof DatenraffinerieError) || error.type !== 'ServerError') throw error;
    warn(`${error.message}: whether a scan has the stand could not be asked`);
    return undefined;
  }
}

async function refuseLeased(client: Client, stand: string): Promise<void> {
  const { lease } = await standView(client, stand);
  if (lease === null) return;
  const who = lease.operator === undefined ? lease.scan : `${lease.scan} (${lease.operator})`;
  const text = `the stand ${stand} is leased to ${who}, ${lease.procedure}, since ${lease.from}`;
  throw new DatenraffinerieError('BusyError', text, {
    remedy: `wait for it, or 'datenraffinerie pause ${lease.scan} --release'`,
  });
}
