import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { access, copyFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import h5wasm, { type Metadata } from 'h5wasm/node';
import { DatenraffinerieError } from '../../domain/errors.js';

export type { Metadata as Hdf5Type };

type Library = Awaited<typeof h5wasm.ready>;

/** An HDF5 file open for reading through h5wasm; its Node build reads the disk directly, a range at a time. */
export class Hdf5File {
  readonly #file: InstanceType<typeof h5wasm.File>;
  readonly #library: Library;

  private constructor(
    readonly path: string,
    library: Library,
    private readonly opened: Opened,
  ) {
    this.#library = library;
    this.#file = new h5wasm.File(opened.path, 'r');
  }

  /** @throws DatenraffinerieError ConfigError where there is no such file, DataError where it is no HDF5 file. */
  static async open(path: string): Promise<Hdf5File> {
    const library = await h5wasm.ready;
    await access(path).catch((cause) => {
      throw new DatenraffinerieError('ConfigError', `${path}: no such file, or not readable`, { cause });
    });
    const opened = await toOpen(path);
    try {
      return withErrors(library, () => new Hdf5File(path, library, opened));
    } catch (cause) {
      leave(opened);
      const text = `${path}: not an HDF5 file, or cut short (${reasonOf(cause)})`;
      throw new DatenraffinerieError('DataError', text, { cause });
    }
  }

  /** Type, shape and chunks of a dataset; undefined where there is none of that name. */
  describe(name: string): Metadata | undefined {
    return this.#lookAt(name, (entity) => (entity instanceof h5wasm.Dataset ? entity.metadata : undefined));
  }

  /** The packed bytes of elements `first` … `first + count − 1` of a one-dimensional dataset, in the file's own types. */
  read(name: string, first: number, count: number, elementBytes: number): Uint8Array {
    const bytes = count * elementBytes;
    if (bytes === 0) return new Uint8Array(0);
    const pointer = this.#library._malloc(bytes);
    if (pointer === 0) {
      throw new DatenraffinerieError('DataError', `${this.path}: ${name}: ${bytes} bytes are too many to read at once`);
    }
    try {
      withErrors(this.#library, () =>
        this.#library.get_dataset_data(
          this.#file.file_id,
          name,
          [BigInt(count)],
          [BigInt(first)],
          [1n],
          BigInt(pointer),
        ),
      );
      return this.#library.HEAPU8.slice(pointer, pointer + bytes);
    } catch (cause) {
      left.add(this.opened.file);
      const what = `elements ${first} to ${first + count - 1} of ${name} cannot be read (${reasonOf(cause)})`;
      throw this.#foreignFilter(name) ?? new DatenraffinerieError('DataError', `${this.path}: ${what}`, { cause });
    } finally {
      this.#library._free(pointer);
    }
  }

  /** Attributes that are texts or numbers, by name; other kinds are left out. */
  attributes(name: string): Map<string, string | number> {
    return this.#lookAt(name, (entity) => {
      const found = new Map<string, string | number>();
      if (!(entity instanceof h5wasm.Dataset || entity instanceof h5wasm.Group)) return found;
      for (const [key, attribute] of Object.entries(entity.attrs)) {
        const value = attribute.value;
        if (typeof value === 'string' || typeof value === 'number') found.set(key, value);
      }
      return found;
    });
  }

  /** A scalar text dataset; undefined where there is none. */
  text(name: string): string | undefined {
    return this.#lookAt(name, (entity) => {
      const value = entity instanceof h5wasm.Dataset ? entity.value : undefined;
      return typeof value === 'string' ? value : undefined;
    });
  }

  /** Compression that only other libraries know; undefined where all of it is known here. */
  #foreignFilter(name: string): DatenraffinerieError | undefined {
    const entity = this.#file.get(name);
    const filters = entity instanceof h5wasm.Dataset ? entity.filters : [];
    const foreign = filters.find(({ id }) => !knownFilters.has(id));
    if (foreign === undefined) return undefined;
    const what = foreign.name.split(';')[0] || (filterNames.get(foreign.id) ?? `the filter ${foreign.id}`);
    return new DatenraffinerieError(
      'DataError',
      `${this.path}: ${name} is compressed with ${what}, which cannot be read here`,
      {
        remedy: "write it anew with zlib ('ptrepack --complib zlib --complevel 5 IN OUT') or without compression",
      },
    );
  }

  /** The library throws texts of its own kind where an object is damaged. */
  #lookAt<T>(name: string, look: (entity: ReturnType<InstanceType<typeof h5wasm.File>['get']>) => T): T {
    try {
      const entity = this.#file.get(name);
      return withErrors(this.#library, () => look(entity));
    } catch (cause) {
      left.add(this.opened.file);
      throw new DatenraffinerieError('DataError', `${this.path}: ${name} cannot be read (${reasonOf(cause)})`, {
        cause,
      });
    }
  }

  close(): void {
    this.#file.close();
    if (this.opened.isCopy) rmSync(this.opened.path);
  }
}

/** Numbers that the HDF Group has given: deflate, shuffle, fletcher32, nbit, scaleoffset. */
const knownFilters: ReadonlySet<number> = new Set([1, 2, 3, 5, 6]);
const filterNames: ReadonlyMap<number, string> = new Map([
  [4, 'szip'],
  [305, 'lzo'],
  [307, 'bzip2'],
  [32_000, 'lzf'],
  [32_001, 'blosc'],
  [32_008, 'bitshuffle'],
  [32_015, 'zstd'],
  [32_026, 'blosc2'],
]);

/** What the library is given. */
interface Opened {
  readonly path: string;
  /** Device and inode. */
  readonly file: string;
  readonly isCopy: boolean;
}

/**
 * Files with an object that the library left open when it failed on it: it takes them for open, and gives what they
 * were then, whatever they are now.
 */
const left = new Set<string>();

async function toOpen(path: string): Promise<Opened> {
  const { dev, ino } = await stat(path);
  const file = `${dev}:${ino}`;
  if (!left.has(file)) return { path, file, isCopy: false };
  const copy = join(tmpdir(), `datenraffinerie-${process.pid}-${randomUUID()}`);
  await copyFile(path, copy);
  const of = await stat(copy);
  return { path: copy, file: `${of.dev}:${of.ino}`, isCopy: true };
}

function leave({ path, file, isCopy }: Opened): void {
  if (isCopy) rmSync(path);
  else left.add(file);
}

/** HDF5 prints its errors to stderr and goes on; here they are thrown, but only where we expect some. */
function withErrors<T>(library: Library, work: () => T): T {
  library.activate_throwing_error_handler();
  try {
    return work();
  } finally {
    library.deactivate_throwing_error_handler();
  }
}

/** The innermost line of HDF5's stack of errors. */
function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const innermost = [...text.matchAll(/#\d+: .*\(\): (.*)/g)].at(-1)?.[1];
  return innermost ?? text.split('\n')[0];
}
