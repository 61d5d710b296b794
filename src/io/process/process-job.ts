import { deserialize, serialize } from 'node:v8';
import { updateMap } from '../../domain/config/overlay.js';
import type { DataFormat } from '../../domain/config/procedure.js';
import type { ConfigMap, Scalar } from '../../domain/config/value.js';
import type { TableLayout } from '../../domain/table/layout.js';
import type { RunReadings } from '../../domain/table/reading-columns.js';
import type { PartHeader } from './part.js';
import { RunProcessor } from './run-processor.js';
import { storeError, type StoredError } from '../threads/thread-messages.js';

/** What all runs of a procedure have in common. */
export interface ProcessContext {
  readonly layout: TableLayout;
  readonly dataFormat: DataFormat;
  /** The runs' patches are laid on this. */
  readonly startState: ConfigMap;
}

/** A run by its difference from the start state. */
export interface PatchedRun {
  readonly rawFile: string;
  readonly partFile: string;
  readonly runKey: string;
  readonly patch: ConfigMap;
  readonly axisValues: ReadonlyMap<string, Scalar>;
  readonly readings?: RunReadings | undefined;
  /** Of the raw file as the manifest has it; another one is a DataError. */
  readonly expectedSha256?: string;
}

/** A context in memory that threads share: written once, read once by each. */
export interface SharedContext {
  readonly id: string;
  readonly bytes: SharedArrayBuffer;
}

export interface ProcessJob {
  readonly context: SharedContext;
  readonly runs: readonly PatchedRun[];
  /** Part of the names of temporary files. */
  readonly unique: string;
}

/** What became of a run of a job; `index` counts within the job. */
export type JobOutcome =
  { readonly index: number; readonly header: PartHeader } | { readonly index: number; readonly error: StoredError };

export function shareContext(id: string, context: ProcessContext): SharedContext {
  const serialized = serialize(context);
  const bytes = new SharedArrayBuffer(serialized.length);
  new Uint8Array(bytes).set(serialized);
  return { id, bytes };
}

/** Thread function: makes the parts of a few runs and reports each; one that fails does not stop the others. */
export function processJob(job: ProcessJob, progress: (outcome: JobOutcome) => void): void {
  const { processor, startState } = stageOf(job.context);
  job.runs.forEach(({ patch, ...run }, index) => {
    try {
      progress({ index, header: processor.process({ ...run, state: updateMap(startState, patch) }, job.unique) });
    } catch (error) {
      progress({ index, error: storeError(error) });
    }
  });
}

/** What a thread keeps between the jobs of a procedure. */
interface Stage {
  readonly id: string;
  readonly processor: RunProcessor;
  readonly startState: ConfigMap;
}

let current: Stage | undefined;

function stageOf({ id, bytes }: SharedContext): Stage {
  if (current?.id !== id) {
    const { layout, dataFormat, startState }: ProcessContext = deserialize(Buffer.from(new Uint8Array(bytes)));
    current = { id, startState, processor: new RunProcessor(layout, dataFormat) };
  }
  return current;
}
