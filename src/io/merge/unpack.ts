import { access, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { FileMetadata } from '../hdf5/table-metadata.js';
import type { WrittenTable } from '../hdf5/table-file-writer.js';
import { TableMerger } from './table-merger.js';
import type { PartHeader } from '../process/part-reader.js';
import type { PatchedRun, ProcessContext } from '../process/process-job.js';
import { ProcessingPool } from '../process/processing-pool.js';
import { ThreadPool } from '../threads/thread-pool.js';
import { ConfigError, type Problem } from '../../domain/errors.js';
import { cannotWrite } from '../storage-error.js';

/** Files whose parts may be on disk at once, beside the table. */
const windowSize = 32;

/** Raw files to be put into one table. */
export interface UnpackRequest {
  readonly files: readonly string[];
  readonly output: string;
  readonly context: ProcessContext;
  readonly metadata: FileMetadata;
  readonly signal?: AbortSignal;
  /** Called for every file, in order, when its rows are in the table. */
  readonly onFile?: (file: string, header: PartHeader) => void;
}

/**
 * Raw files to a table, on all cores, with rows in the order of the files. The parts of the next files are made while
 * those before are merged; they stand in a temporary folder beside the output.
 */
export async function unpack(request: UnpackRequest): Promise<WrittenTable> {
  const { files, output, metadata } = request;
  await checkFiles(files);
  const folder = await temporaryFolderBeside(output);
  const threads = new ThreadPool(Math.min(availableParallelism(), files.length));
  const pool = new ProcessingPool(threads);
  const merger = new TableMerger(output, metadata, {
    schema: request.context.layout.schema,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  try {
    let before = Promise.resolve();
    for (let first = 0; first < files.length; first += windowSize) {
      const made = makeParts(request, pool, folder, first);
      const [parts] = await Promise.all([made, before]);
      before = mergeWindow(request, merger, parts);
      before.catch(() => undefined); // awaited in the next round
    }
    await before;
    return await merger.finish();
  } catch (error) {
    await merger.discard();
    throw error;
  } finally {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface MadePart {
  readonly index: number;
  readonly file: string;
  readonly path: string;
  readonly header: PartHeader;
}

async function makeParts(
  { files, context, signal }: UnpackRequest,
  pool: ProcessingPool,
  folder: string,
  first: number,
): Promise<MadePart[]> {
  const runs: PatchedRun[] = files.slice(first, first + windowSize).map((rawFile, index) => ({
    rawFile,
    partFile: join(folder, `${first + index}.part`),
    runKey: '',
    patch: new Map(),
    axisValues: new Map(),
  }));
  const outcomes = await pool.process(context, runs, signal === undefined ? {} : { signal });
  return outcomes.map((outcome) => {
    if ('error' in outcome) throw outcome.error;
    const { rawFile, partFile } = runs[outcome.index];
    return { index: first + outcome.index, file: rawFile, path: partFile, header: outcome.header };
  });
}

async function mergeWindow({ onFile }: UnpackRequest, merger: TableMerger, parts: readonly MadePart[]): Promise<void> {
  for (const { index, file, path, header } of parts) {
    await merger.add({ run: index, patch: '{}', path });
    await rm(path);
    onFile?.(file, header);
  }
}

/** All files that are missing, at once, before any work. */
async function checkFiles(files: readonly string[]): Promise<void> {
  const problems: Problem[] = [];
  for (const file of files) {
    await access(file).catch(() =>
      problems.push({ severity: 'error', message: `${file}: no such file, or not readable` }),
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
}

async function temporaryFolderBeside(output: string): Promise<string> {
  return mkdtemp(join(dirname(output), `.${basename(output)}.parts-`)).catch((cause: unknown) => {
    throw cannotWrite(output, cause);
  });
}
