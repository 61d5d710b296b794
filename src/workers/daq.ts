import { join } from 'node:path';
import { ActivityNotFoundError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { createAcquireActivities, type WellLink } from '../activities/acquire.js';
import { createPingActivities } from '../activities/ping.js';
import { DatenraffinerieError } from '../domain/errors.js';
import type { StandDriver } from '../domain/daq/stand.js';
import type { NetworkReference } from '../domain/scan/tasks.js';
import { loadNetwork } from '../io/configuration/frozen-network.js';
import { processIdentity } from '../io/processes/process-identity.js';
import { openStand } from '../io/stand/open-stand.js';
import { lockHolder, StandLock, standsFolder } from '../io/stand/locks/stand-lock.js';
import { StandSession } from '../io/stand/stand-session.js';
import { privateFolder } from '../io/user.js';
import { daqQueue, messages } from '../workflows/names.js';
import { attemptLives } from './attempt-lives.js';
import { heartbeats } from './common-options.js';
import type { RoleWorker, WorkerParts } from './parts.js';
import { identity, type WorkerSetting } from './setting.js';

/** Drives one stand's hardware; the stand's lock, not the number of slots, keeps others away from it. */
export async function daqWorker({ stand }: WorkerSetting, { client, log }: WorkerParts): Promise<RoleWorker> {
  const name = identity(daqQueue(stand));
  await endDeadAttempt(stand, client, log);
  const session = new StandSession(stand, {
    openDriver: (network) => openDriver(stand, network),
    attemptLives: (holder) => attemptLives(client, holder),
    log,
  });
  const options = {
    ...heartbeats,
    taskQueue: daqQueue(stand),
    identity: name,
    activities: {
      ...createPingActivities({ identity: name, pid: process.pid }),
      ...createAcquireActivities(session, wellLink(client)),
    },
    // one acquires; the others are for `ping`, `quiet`, and an attempt that waits for a dying one
    maxConcurrentActivityTaskExecutions: 4,
    // acquisition is told at once: it ends after the run in hand and the next attempt goes on there
    shutdownGraceTime: '0s',
    shutdownForceTime: '30s',
  } as const;
  return { options, close: () => session.close() };
}

function wellLink(client: Client): WellLink {
  const of = (id: string) => client.workflow.getHandle(id);
  return {
    tell: (id, news) => of(id).signal(messages.standNews, news),
    isAborting: async (id) => (await of(id).query<{ phase: string }>(messages.progress)).phase === 'aborting',
  };
}

async function openDriver(stand: string, network: NetworkReference | null): Promise<StandDriver> {
  if (network === null) throw new DatenraffinerieError('ConfigError', 'no network file says where the stand is');
  const tokenFile = join(await privateFolder(standsFolder), `${stand}.token`);
  return openStand(await loadNetwork(network), { tokenFile });
}

/**
 * What a predecessor was doing when it died: its attempt is ended now, by the task token that lies beside the lock, so
 * that the next one begins at once and not only when its heartbeats are missed.
 */
async function endDeadAttempt(stand: string, client: Client, log: (text: string) => void): Promise<void> {
  const lock = await StandLock.take(stand, 0);
  if (lock === undefined) return; // somebody lives and has it
  try {
    const holder = await lockHolder(stand);
    if (holder?.taskToken === undefined || processIdentity(holder.pid) === holder.identity) return;
    const failure = ApplicationFailure.create({
      message: `process ${holder.pid} died`,
      type: 'WorkerDied',
      nextRetryDelay: '100ms',
    });
    await client.activity.fail(Buffer.from(holder.taskToken, 'base64'), failure);
    log(`ended the attempt of process ${holder.pid}, which died (${holder.what})`);
  } catch (error) {
    if (error instanceof ActivityNotFoundError) return; // timed out meanwhile: the next one has begun
    // a token of a server that is no more, say: heartbeats that are missed end the attempt all the same
    log(
      `the attempt of a process that died could not be ended: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    await lock.release();
  }
}
