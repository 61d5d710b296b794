import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { recordedFile, type RecordedNetwork } from '../../domain/config/network/network.js';
import type { ConfigMap } from '../../domain/config/value.js';
import type { RawSink, RunTaken, StandDriver, StandRun } from '../../domain/daq/stand.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { ScanPlan } from '../../domain/plan/plan.js';
import { isMissing, statIfExists } from '../files.js';
import { configRoots, requireWithin } from '../rights/roots.js';
import { pause } from './link/deadline.js';

/** Runs looked at before others have their turn: some milliseconds. */
const runsAtOnce = 512;

/** Replays recorded raw files: a run's configuration decides which. */
export class RecordedDriver implements StandDriver {
  readonly kind = 'recorded';
  /** Used from run to run; the sink has written it when `write` resolves. */
  private readonly buffer = new Uint8Array(1 << 18);
  /** Length of the file that the buffer holds all of, and its path: a run repeated reads nothing. */
  private held: { readonly path: string; readonly length: number } | undefined;

  constructor(private readonly network: RecordedNetwork) {}

  async begin(): Promise<void> {
    const { folder } = this.network;
    const found = await look(folder);
    if (found === undefined) throw wrongFolder(folder, 'does not exist');
    if (!found.isDirectory()) throw wrongFolder(folder, 'is none');
  }

  async takeRun(run: StandRun, sink: RawSink, signal: AbortSignal): Promise<RunTaken> {
    const path = pathOf(this.network, run.state);
    run.onStart?.();
    const { runSeconds = 0 } = this.network;
    await Promise.all([this.copy(path, sink, signal), runSeconds > 0 && pause(runSeconds, signal)]);
    return {};
  }

  private async copy(path: string, sink: RawSink, signal: AbortSignal): Promise<void> {
    if (this.held?.path === path) return sink.write(this.buffer.subarray(0, this.held.length));
    this.held = undefined;
    const length = await copy(path, sink, this.buffer, signal);
    if (length < this.buffer.length) this.held = { path, length };
  }

  async quiet(): Promise<void> {
    // files need no safe state
  }

  async close(): Promise<void> {
    // nothing is held between runs
  }
}

/**
 * Checks that the stand has a file for every run of the plan. Throws a ConfigError that names the first missing one and
 * how many there are, or the parameter that a run's configuration lacks.
 */
export async function requireRecordedFiles(network: RecordedNetwork, plan: ScanPlan): Promise<void> {
  await requireWithin(configRoots, network.folder);
  const paths = new Set<string>();
  for (let run = 0; run < plan.runs / plan.repeat; run++) {
    paths.add(pathOf(network, plan.state(run)));
    if (run % runsAtOnce === 0) await setImmediate(); // heartbeats go out meanwhile
  }
  const missing: string[] = [];
  for (const path of paths) {
    if ((await look(path))?.isFile() !== true) missing.push(path);
  }
  if (missing.length > 0) throw missingFile(missing[0], missing.length);
}

/** Undefined where there is nothing: only that is the network file's fault. */
async function look(path: string): Promise<Stats | undefined> {
  return statIfExists(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

function pathOf(network: RecordedNetwork, state: ConfigMap): string {
  try {
    return join(network.folder, recordedFile(network, state));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatenraffinerieError('ConfigError', `no recorded file can be named for a run: ${reason}`, {
      remedy: "correct 'file' and 'parameters' in the network file, or give the parameter a 'default' there",
    });
  }
}

/** @returns the length of the file */
async function copy(path: string, sink: RawSink, buffer: Uint8Array, signal: AbortSignal): Promise<number> {
  const file = await open(await requireWithin(configRoots, path)).catch((error: unknown) => {
    throw isMissing(error) ? missingFile(path, 1) : unreadable(path, error);
  });
  try {
    for (let length = 0; ;) {
      const at = length < buffer.length ? length : 0; // the buffer is to hold all of a short file
      const { bytesRead } = await file.read(buffer, at, buffer.length - at).catch((error: unknown) => {
        throw unreadable(path, error);
      });
      if (bytesRead === 0) return length;
      length += bytesRead;
      signal.throwIfAborted();
      await sink.write(buffer.subarray(at, at + bytesRead));
    }
  } finally {
    await file.close();
  }
}

function wrongFolder(folder: string, why: string): DatenraffinerieError {
  return new DatenraffinerieError('ConfigError', `the folder of recorded files ${why}: ${folder}`, {
    remedy: "correct 'folder' in the network file; it is relative to that file",
  });
}

function missingFile(path: string, count: number): DatenraffinerieError {
  const others = count > 1 ? ` (and ${count - 1} more)` : '';
  return new DatenraffinerieError('ConfigError', `the recorded file of a run does not exist: ${path}${others}`, {
    remedy: "scan only what was recorded, or correct 'folder', 'file' and 'parameters' in the network file",
  });
}

function unreadable(path: string, cause: unknown): DatenraffinerieError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new DatenraffinerieError('StorageError', `the recording ${path} cannot be read: ${why}`, {
    remedy: 'let the daq worker read it; is the share mounted on this host?',
    cause,
  });
}
