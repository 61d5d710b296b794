/**
 * Room: a stand in use: opened, locked, begun absolute, given back.
 * May use: domain/*, io, io/processes, io/rights, io/stand/coordinator, io/stand/hexaboard,
 * io/stand/link, io/stand/locks.
 */

import type { Silence, StandDriver } from '../../domain/daq/stand.js';
import type { ConfigMap } from '../../domain/config/value.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { NetworkReference } from '../../domain/scan/tasks.js';
import { killHolder, lockHolder, StandLock, type LockAttempt, type LockHolder } from './locks/stand-lock.js';

/** How long the lock is kept for the next chunk: it usually comes within milliseconds. */
const idleMs = 2000;
/** How long another holder is waited for before it is asked whether it is still entitled. */
const patienceSeconds = 5;

/** How long a stand may take to become quiet after a failure; one that did not answer will hardly do it now. */
const quietMs = 10_000;
const hastyQuietMs = 2000;

/** What a session needs from outside. */
export interface SessionParts {
  openDriver(network: NetworkReference | null): Promise<StandDriver>;
  /** Whether the activity attempt of a holder is still the one that Temporal waits for. */
  attemptLives(holder: LockHolder): Promise<boolean>;
  log(text: string): void;
}

/** Who wants to use the stand, and for what. */
export interface SessionUser {
  /** Same measurement, same key: only then may differences be sent after the state that was left. */
  readonly key: string;
  readonly network: NetworkReference | null;
  readonly what: string;
  readonly attempt?: LockAttempt;
}

/** A stand in use. `state` is what the chips hold, undefined where that is unknown: then begin absolute. */
export interface StandUse {
  readonly driver: StandDriver;
  state: ConfigMap | undefined;
}

/**
 * The stand of a daq worker: one user at a time, under the stand's OS lock. Between two chunks of one measurement lock,
 * connections and known state are kept for a moment; whatever else happens, the next user begins absolute.
 */
export class StandSession {
  private turn: Promise<unknown> = Promise.resolve();
  private lock: StandLock | undefined;
  private use: (StandUse & { readonly key: string }) | undefined;
  private idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly stand: string,
    private readonly parts: SessionParts,
  ) {}

  /** Waits for its turn and for the lock, runs `body`, makes the stand quiet if it fails and is ours. */
  run<T>(user: SessionUser, signal: AbortSignal, body: (use: StandUse) => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      signal.throwIfAborted();
      const use = await this.begin(user, signal);
      try {
        const result = await body(use);
        this.idle = setTimeout(() => void this.inTurn(() => this.end()), idleMs);
        return result;
      } catch (error) {
        if (!isBusy(error)) await this.quietQuietly(isSilent(error) || signal.aborted ? hastyQuietMs : quietMs);
        await this.end();
        throw error;
      }
    });
  }

  /** Which service keeps silent, while something is under way. */
  silence(patience?: number): Silence | undefined {
    return this.use?.driver.silence?.(patience);
  }

  /** Whether somebody listens where the stand is said to be; needs neither turn nor lock, as it says nothing. */
  async meet(network: NetworkReference, signal: AbortSignal): Promise<void> {
    const driver = await this.parts.openDriver(network);
    try {
      await driver.meet?.(signal);
    } finally {
      await driver.close();
    }
  }

  /** Stops data taking, resets, lets go of everything. */
  quiet(user: SessionUser, signal: AbortSignal): Promise<void> {
    return this.inTurn(async () => {
      const use = await this.begin({ ...user, key: this.use?.key ?? user.key }, signal);
      try {
        await use.driver.quiet(signal);
      } finally {
        await this.end();
      }
    });
  }

  /** Lets go of connections and lock, whoever may have left them. */
  close(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  private inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.turn.then(step);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async begin(user: SessionUser, signal: AbortSignal): Promise<StandUse> {
    clearTimeout(this.idle);
    if (this.use !== undefined && this.use.key !== user.key) await this.end();
    try {
      this.lock ??= await this.takeLock(signal);
      await this.lock.record(user.what, user.attempt);
      return (this.use ??= { driver: await this.parts.openDriver(user.network), state: undefined, key: user.key });
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  /** A holder that Temporal no longer waits for is a zombie: it is killed before we connect. */
  private async takeLock(signal: AbortSignal): Promise<StandLock> {
    const free = await StandLock.take(this.stand, patienceSeconds, signal);
    if (free !== undefined) return free;
    const holder = await lockHolder(this.stand);
    const entitled = holder?.taskToken === undefined || (await this.parts.attemptLives(holder));
    if (!entitled) {
      this.parts.log(`stand ${this.stand}: ${await killHolder(this.stand)}`);
      const freed = await StandLock.take(this.stand, patienceSeconds, signal);
      if (freed !== undefined) return freed;
    }
    const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host} (${holder.what})`;
    throw new DatenraffinerieError('BusyError', `stand ${this.stand} is in use by ${who}`);
  }

  private async quietQuietly(ms: number): Promise<void> {
    await this.logged('not quiet', () => this.use?.driver.quiet(AbortSignal.timeout(ms)));
  }

  /** Never rejects: lock and connections are given up whatever fails, and nothing hides the error that led here. */
  private async end(): Promise<void> {
    clearTimeout(this.idle);
    const { use, lock } = this;
    this.use = undefined;
    this.lock = undefined;
    await this.logged('not closed well', () => use?.driver.close());
    await this.logged('lock not given back well', () => lock?.release());
  }

  private async logged(what: string, step: () => Promise<void> | undefined): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.parts.log(`stand ${this.stand}: ${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** A stand that does not answer. */
function isSilent(error: unknown): boolean {
  return error instanceof DatenraffinerieError && error.type === 'LinkError';
}

/** The stand is somebody else's: it is left alone. */
function isBusy(error: unknown): boolean {
  return error instanceof DatenraffinerieError && error.type === 'BusyError';
}
