/**
 * Room: locks of the system that keep two processes from one stand or one board; -9 frees them.
 * May use: domain, domain/config/network, io, io/processes.
 */

import { open, readdir, writeFile, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { DatenraffinerieError } from '../../../domain/errors.js';
import { readJson } from '../../checked-json.js';
import { removeIfExists } from '../../files.js';
import { flock } from '../../processes/flock.js';
import { processIdentity } from '../../processes/process-identity.js';
import { privateFolder } from '../../user.js';

/** In the user's state: locks of stands, who has them, tokens of coordinators. */
export const standsFolder = 'stands';

const holderSchema = z.object({
  pid: z.number().int(),
  /** Tells the process from a later one with the same pid. */
  identity: z.string(),
  host: z.string(),
  /** Base64 of the activity attempt's task token; absent for a tool at the bench. */
  taskToken: z.string().optional(),
  /** The attempt itself, so that Temporal can be asked about it; absent in what 2.0.0 wrote. */
  attempt: z.object({ workflowId: z.string(), activityId: z.string(), number: z.number().int() }).optional(),
  /** What the stand is used for, for people. */
  what: z.string(),
});

/** The activity attempt on whose behalf a stand is used. */
export interface LockAttempt {
  readonly taskToken: string;
  readonly attempt: NonNullable<LockHolder['attempt']>;
}

/** Who holds a stand: lies beside the lock, so that whoever waits knows whom to ask, to end or to kill. */
export type LockHolder = z.infer<typeof holderSchema>;

/** The OS lock on a stand. The kernel frees it when this process ends, however it ends. */
export class StandLock {
  private constructor(
    readonly stand: string,
    private readonly file: FileHandle,
  ) {}

  /** The lock, or undefined where another process still has it after `seconds`. */
  static async take(stand: string, seconds: number, signal?: AbortSignal): Promise<StandLock | undefined> {
    const file = await open(await lockPath(stand), 'a', 0o600);
    try {
      if (await flock(file.fd, seconds, signal)) return new StandLock(stand, file);
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return undefined;
  }

  /** Writes who we are beside the lock, and on behalf of which attempt. */
  async record(what: string, attempt?: LockAttempt): Promise<void> {
    const holder: LockHolder = {
      pid: process.pid,
      identity: processIdentity(process.pid) ?? '',
      host: hostname(),
      what,
      ...attempt,
    };
    await writeFile(await holderPath(this.stand), JSON.stringify(holder), { mode: 0o600 });
  }

  async release(): Promise<void> {
    try {
      await removeIfExists(await holderPath(this.stand));
    } finally {
      await this.letGo();
    }
  }

  /** Gives the lock back, and leaves what lies beside it. */
  async letGo(): Promise<void> {
    await this.file.close();
  }
}

/** All stands that this user has driven on this computer. */
export async function standLocks(): Promise<{ name: string; isHeld: boolean; text: string }[]> {
  const names = (await readdir(await privateFolder(standsFolder))).filter((name) => name.endsWith('.lock'));
  const stands = names.map((name) => name.slice(0, -'.lock'.length));
  return Promise.all(
    stands.map(async (stand) => {
      const lock = await StandLock.take(stand, 0);
      await lock?.letGo();
      const holder = await lockHolder(stand);
      const text =
        holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host} (${holder.what})`;
      return { name: stand, isHeld: lock === undefined, text };
    }),
  );
}

/** What lies beside the lock, undefined where nothing (or nothing readable) does. */
export async function lockHolder(stand: string): Promise<LockHolder | undefined> {
  return readJson(await holderPath(stand), holderSchema); // half-written: its writer is just starting or died
}

/**
 * Kills the recorded holder of a stand, if it is still that very process on this host and not this process.
 * @returns what was done, for the log
 */
export async function killHolder(stand: string): Promise<string> {
  const holder = await lockHolder(stand);
  if (holder === undefined) return 'nobody is recorded beside the lock';
  if (holder.host !== hostname()) {
    throw new DatenraffinerieError('BusyError', `stand ${stand} is in use on host ${holder.host} (${holder.what})`, {
      remedy: 'a stand is driven from one host only: stop its daq worker there',
    });
  }
  if (holder.pid === process.pid) return 'this process has it';
  if (processIdentity(holder.pid) !== holder.identity) return `process ${holder.pid} is gone`;
  process.kill(holder.pid, 'SIGKILL');
  return `killed process ${holder.pid} (${holder.what})`;
}

async function lockPath(stand: string): Promise<string> {
  return join(await privateFolder(standsFolder), `${stand}.lock`);
}

async function holderPath(stand: string): Promise<string> {
  return join(await privateFolder(standsFolder), `${stand}.holder.json`);
}
