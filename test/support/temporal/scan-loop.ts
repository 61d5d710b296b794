import type { ConfigMap } from '../../../src/domain/config/value.js';
import { diffMap } from '../../../src/domain/config/overlay.js';
import type { StandDriver } from '../../../src/domain/daq/stand.js';
import { DatenraffinerieError, type ErrorType } from '../../../src/domain/errors.js';
import { MemorySink } from '../stand/stand-fixtures.js';

export interface ScanOutcome {
  /** The raw file of every run. */
  readonly files: readonly Buffer[];
  /** The failures, in order. */
  readonly failures: readonly { readonly run: number; readonly type: ErrorType; readonly message: string }[];
}

const never = new AbortController().signal;

/**
 * Takes runs as an acquisition does: begin, differences only, and after every failure a new attempt that begins
 * absolute at the run that failed.
 */
export async function takeScan(driver: StandDriver, states: readonly ConfigMap[], tries = 200): Promise<ScanOutcome> {
  const files: Buffer[] = [];
  const failures: { run: number; type: ErrorType; message: string }[] = [];
  while (files.length < states.length && failures.length < tries) {
    try {
      await attempt(driver, states, files);
    } catch (error) {
      if (!(error instanceof DatenraffinerieError)) throw error;
      failures.push({ run: files.length, type: error.type, message: error.message });
    }
  }
  return { files, failures };
}

async function attempt(driver: StandDriver, states: readonly ConfigMap[], files: Buffer[]): Promise<void> {
  const first = states[files.length];
  await driver.begin({ defaultState: first, state: first, runStartTdcProcedure: false }, never);
  for (let before = first; files.length < states.length;) {
    const index = files.length;
    const state = states[index];
    const sink = new MemorySink();
    await driver.takeRun({ index, state, send: diffMap(before, state), events: 20 }, sink, never);
    files.push(sink.bytes);
    before = state;
  }
}
