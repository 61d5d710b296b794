/**
 * Room: what a stand is and says: the driver's contract, messages to its services, the stream of a run.
 * May use: domain, domain/config, domain/config/yaml, domain/hgcroc.
 */

import type { ConfigMap } from '../config/value.js';

/**
 * What a test stand can do, whatever it is made of: real hardware, the coordinator in front of it, recorded files.
 * All methods reject with a DatenraffinerieError whose `type` is the failure class, and with `signal.reason` where
 * they are aborted. One attempt: `begin`, any number of `takeRun`, `quiet`, `close`.
 */
export interface StandDriver {
  readonly kind: 'hexaboard' | 'coordinator' | 'recorded';
  /** From an unknown state: reset, initialise, write the whole configuration of the first run. */
  begin(start: StandStart, signal: AbortSignal): Promise<void>;
  /**
   * Writes what changed, takes the run's events and hands the bytes of the raw file to `sink` as they come.
   * Resolves when END_OF_RUN was read and the stand is configured again; the sink's file is then complete.
   */
  takeRun(run: StandRun, sink: RawSink, signal: AbortSignal): Promise<RunTaken>;
  /**
   * Says which run will follow the one that is being taken, so that what it needs can be got ready meanwhile. May be
   * called while `takeRun` is under way; another run may follow all the same.
   */
  prepare?(next: StandRun): void;
  /**
   * Which service has kept silent for longer than an answer takes, while something is under way.
   * @param patience ms after which a reply is missed, where that is less than usual
   */
  silence?(patience?: number): Silence | undefined;
  /** Whether somebody listens at the addresses of the services; says nothing to them, so that others are not disturbed. */
  meet?(signal: AbortSignal): Promise<void>;
  /** Stops data taking and puts the chips into their safe state; idempotent, also after a failure. */
  quiet(signal: AbortSignal): Promise<void>;
  /** Lets go of sockets and children; never rejects. */
  close(): Promise<void>;
}

/** A service that does not answer. */
export interface Silence {
  /** `slow-control server at 127.0.0.1:5555` */
  readonly service: string;
  /** Since when, in ms since 1970. */
  readonly since: number;
}

/** The absolute configuration an attempt begins with: default + init + what the first run sets. */
export interface StandStart {
  readonly defaultState: ConfigMap;
  readonly state: ConfigMap;
  readonly runStartTdcProcedure: boolean;
}

export interface StandRun {
  readonly index: number;
  /** Whole configuration of the run. */
  readonly state: ConfigMap;
  /** What changed since the state before; undefined where nothing did (the first run after `begin` included). */
  readonly send: ConfigMap | undefined;
  /** Events asked for, where the configuration says it (`NEvents`). */
  readonly events: number | undefined;
  /** Called when the run has begun: what costs time on the caller's side is best done from here on. */
  readonly onStart?: () => void;
}

/** Takes the bytes of one raw file in order; resolves when it wants more (back-pressure). */
export interface RawSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** What a stand tells of a run beside its events, where it knows it. */
export interface RunTaken {
  /** Slow readings: temperatures, voltages, by name. */
  readonly readings?: ReadonlyMap<string, number>;
  /** All registers of the chips, read back after the run. */
  readonly chipState?: ConfigMap;
}
