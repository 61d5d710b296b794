import { access } from 'node:fs/promises';
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
  ) {
    this.#library = library;
    this.#file = new h5wasm.File(path, 'r');
  }

  /** @throws DatenraffinerieError ConfigError where there is no such file, DataError where it is no HDF5 file. */
  static async open(path: string): Promise<Hdf5File> {
    const library = await h5wasm.ready;
    await access(path).catch((cause) => {
      throw new DatenraffinerieError('ConfigError', `${path}: no such file, or not readable`, { cause });
    });
    try {
      return withErrors(library, () => new Hdf5File(path, library));
    } catch (cause) {
      const text = `${path}: not an HDF5 file, or cut short (${reasonOf(cause)})`;
      throw new DatenraffinerieError('DataError', text, { cause });
    }
  }

  /** Type, shape and chunks of a dataset; undefined where there is none of that name. */
  describe(name: string): Metadata | undefined {
    const entity = this.#file.get(name);
    return entity instanceof h5wasm.Dataset ? entity.metadata : undefined;
  }

  /** The packed bytes of elements `first` … `first + count − 1` of a one-dimensional dataset, in the file's own types. */
  read(name: string, first: number, count: number, elementBytes: number): Uint8Array {
    const bytes = count * elementBytes;
    if (bytes === 0) return new Uint8Array(0);
    const pointer = this.#library._malloc(bytes);
    if (pointer === 0) throw new RangeError(`${bytes} bytes are too many to read at once`);
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
      const what = `elements ${first} to ${first + count - 1} of ${name} cannot be read`;
      throw new DatenraffinerieError('DataError', `${this.path}: ${what} (${reasonOf(cause)})`, { cause });
    } finally {
      this.#library._free(pointer);
    }
  }

  /** Attributes that are texts or numbers, by name; other kinds are left out. */
  attributes(name: string): Map<string, string | number> {
    const entity = this.#file.get(name);
    const found = new Map<string, string | number>();
    if (!(entity instanceof h5wasm.Dataset || entity instanceof h5wasm.Group)) return found;
    for (const [key, attribute] of Object.entries(entity.attrs)) {
      const value = attribute.value;
      if (typeof value === 'string' || typeof value === 'number') found.set(key, value);
    }
    return found;
  }

  /** A scalar text dataset; undefined where there is none. */
  text(name: string): string | undefined {
    const entity = this.#file.get(name);
    const value = entity instanceof h5wasm.Dataset ? entity.value : undefined;
    return typeof value === 'string' ? value : undefined;
  }

  close(): void {
    this.#file.close();
  }
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
