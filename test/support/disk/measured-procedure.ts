import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeRun } from '../../../src/domain/hgcroc/encode.js';
import type { MergeTask } from '../../../src/domain/scan/tasks.js';
import { FailureLog, triesPerRun } from '../../../src/io/output/failure-log.js';
import { loadDaqProcedure, writeFrozen, type LoadedDaq } from '../../../src/io/configuration/frozen-procedure.js';
import { ManifestWriter } from '../../../src/io/output/manifest.js';
import { processRange } from '../../../src/io/process/process-range.js';
import type { ProcessingPool } from '../../../src/io/process/processing-pool.js';
import { readRawFile } from '../../../src/io/output/raw-file.js';
import { daqProcedure } from '../plans/daq-procedure.js';
import { temporaryFolder } from './folders.js';
import { generateRecords } from '../raw/raw-runs.js';

/** A procedure `scan` with one axis in a folder of its own, whose runs come to the disk when a test wants them. */
export class MeasuredProcedure {
  private constructor(
    readonly output: string,
    readonly task: MergeTask,
    readonly loaded: LoadedDaq,
    private readonly pool: ProcessingPool,
  ) {}

  static async make(pool: ProcessingPool, runs: number): Promise<MeasuredProcedure> {
    const output = temporaryFolder();
    mkdirSync(join(output, 'scan', 'raw'), { recursive: true });
    const values = Array.from({ length: runs }, (_, run) => run);
    const paths = [0, 1].map((half) => ['target', 'roc_s0', 'ReferenceVoltage', half, 'Calib']);
    const defaults = 'target: {roc_s0: {ReferenceVoltage: {0: {Calib: 0}, 1: {Calib: 0}}}}';
    const procedure = daqProcedure({ defaults, axes: [{ kind: 'key', name: 'calib', paths, values }] });
    const file = await writeFrozen(join(output, 'scan', 'procedure.yaml'), procedure);
    const context = { scan: 's', firstRunId: 'first', output, marker: 'm', stand: 'local', network: null };
    const task = { context, name: 'scan', file, workflowId: 's/daq/scan' };
    return new MeasuredProcedure(output, task, await loadDaqProcedure(file, {}), pool);
  }

  get folder(): string {
    return join(this.output, 'scan');
  }

  /** Measures a run: raw file and manifest line. Another `seed`: other data. */
  async measure(run: number, { seed = run, key = this.loaded.plan.key(run) } = {}): Promise<void> {
    const file = `raw/run_${String(run).padStart(5, '0')}.raw`;
    const path = join(this.folder, file);
    const records = generateRecords({ events: 5, chips: 1, format: 'raw', seed });
    writeFileSync(path, encodeRun(records, { layout: 'split' }));
    const { bytes, sha256, events, truncatedBytes, corruptHalves } = readRawFile(path);
    const times = { start: '2026-01-01T00:00:00.000Z', end: '2026-01-01T00:00:01.000Z' };
    const facts = { bytes, sha256, events, truncatedBytes, corruptHalves, mtimeMs: statSync(path).mtimeMs };
    const { writer } = await ManifestWriter.open(this.folder);
    await writer.append({ run, key, file, attempt: 1, ...facts, ...times });
    await writer.close();
  }

  /** Makes the parts of the runs from `from` up to, but without, `to`. */
  async process(from: number, to: number): Promise<void> {
    const { loaded, folder, pool } = this;
    const signal = new AbortController().signal;
    await processRange(pool, { loaded, folder, from, to, signal, onRun: () => undefined });
  }

  async take(run: number): Promise<void> {
    await this.measure(run);
    await this.process(run, run + 1);
  }

  /** Lets a run fail until it is left out. */
  async quarantine(run: number): Promise<void> {
    const log = await FailureLog.open(this.folder, this.task.context.firstRunId);
    const failure = { run, key: this.loaded.plan.key(run), type: 'StandError', message: 'no answer', attempt: 1 };
    for (let i = 0; i < triesPerRun; i++) await log.add({ ...failure, at: '2026-01-01T00:00:00.000Z' });
  }
}
