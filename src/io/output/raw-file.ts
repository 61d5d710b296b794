import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { RawDecoder, type RawFacts, type RecordConsumer } from '../../domain/hgcroc/raw-decoder.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { isMissing } from '../files.js';
import { failingAs } from '../storage-error.js';

/** Facts of a raw file on disk, from one pass over it. */
export interface RawFileFacts extends RawFacts {
  readonly bytes: number;
  /** Of the whole file, hex. */
  readonly sha256: string;
}

const readBytes = 1 << 18;
/** Used from file to file: reading blocks the thread, so there is one reader at a time. */
let buffer: Uint8Array | undefined;

/**
 * Reads a raw file once: hashes it, decodes it, hands its records to the consumers; memory does not grow with the
 * file. Blocks the thread, so call it in a worker thread where others wait. Throws where the file is no raw file
 * (DataError) or cannot be read (StorageError), naming the path.
 */
export function readRawFile(path: string, consumers: readonly RecordConsumer[] = []): RawFileFacts {
  return factsOf(path, (use) => forEachBlock(path, use), consumers);
}

/** The same of a file that is in memory; `path` is for messages. */
export function readRawBytes(path: string, bytes: Uint8Array): RawFileFacts {
  const whole = (use: (block: Uint8Array) => void): number => {
    use(bytes);
    return bytes.length;
  };
  return factsOf(path, whole, []);
}

/** @param forEach calls its argument with all blocks, and returns the number of bytes */
function factsOf(
  path: string,
  forEach: (use: (block: Uint8Array) => void) => number,
  consumers: readonly RecordConsumer[],
): RawFileFacts {
  const hash = createHash('sha256');
  const decoder = new RawDecoder(consumers);
  const bytes = forEach((block) => {
    hash.update(block);
    decoding(path, () => decoder.push(block));
  });
  return { ...decoding(path, () => decoder.end()), bytes, sha256: hash.digest('hex') };
}

function forEachBlock(path: string, use: (block: Uint8Array) => void): number {
  const block = (buffer ??= new Uint8Array(readBytes));
  const file = reading(path, () => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)); // a pipe would block
  try {
    if (!fstatSync(file).isFile()) throw new DatenraffinerieError('DataError', `${path} is no regular file`);
    let total = 0;
    for (;;) {
      const read = reading(path, () => readSync(file, block, 0, readBytes, null));
      if (read === 0) return total;
      use(block.subarray(0, read));
      total += read;
    }
  } finally {
    closeSync(file);
  }
}

function reading<T>(path: string, act: () => T): T {
  return failingAs((cause) => {
    if (isMissing(cause)) return new DatenraffinerieError('DataError', `no raw file ${path}`, { cause });
    if (!(cause instanceof Error && 'syscall' in cause)) return cause;
    return new DatenraffinerieError('StorageError', `cannot read ${path}: ${cause.message}`, { cause });
  }, act);
}

/** Says of which file it is where the bytes are no raw file. */
function decoding<T>(path: string, act: () => T): T {
  return failingAs((cause) => {
    if (!(cause instanceof DatenraffinerieError) || cause.type !== 'DataError') return cause;
    const remedy = cause.remedy === undefined ? {} : { remedy: cause.remedy };
    return new DatenraffinerieError('DataError', `${path}: ${cause.message}`, { ...remedy, cause });
  }, act);
}
