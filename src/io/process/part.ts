import type { DataFormat } from '../../domain/config/procedure.js';
import type { Scalar } from '../../domain/config/value.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { TableLayout } from '../../domain/table/layout.js';
import { readingsShown, type RunReadings } from '../../domain/table/reading-columns.js';
import type { TableSchema } from '../../domain/table/schema.js';
import { textSha256 } from '../files.js';

/**
 * What stands between `process` and `merge`: the packed rows of one run. The file is a magic number of 8 bytes, the
 * rows, the header as JSON in UTF-8, the header's length as u32 (little-endian) and the magic number again. It is
 * written under another name and renamed when it is safely on disk, so that a part is there as a whole or not at all.
 */
export const partMagic = Buffer.from('DRFPART1');
export const partTrailerBytes = 4 + partMagic.length;

/** What a part says of itself. */
export interface PartHeader {
  /** Another key means that the part must be made again. */
  readonly key: string;
  readonly schema: TableSchema;
  readonly rows: number;
  /** Of the raw file. */
  readonly sha256: string;
  readonly rawBytes: number;
  readonly events: number;
  readonly chips: readonly number[];
  readonly truncatedBytes: number;
  readonly corruptHalves: number;
  readonly warnings: readonly string[];
}

/** A header that was read; a DataError where it is none. */
export function parsePartHeader(path: string, json: string): PartHeader {
  try {
    const header: unknown = JSON.parse(json);
    if (isPartHeader(header)) return header;
  } catch {
    // told below
  }
  throw noPart(path, 'its header cannot be read');
}

function isPartHeader(value: unknown): value is PartHeader {
  if (typeof value !== 'object' || value === null) return false;
  const header: Partial<Record<keyof PartHeader, unknown>> = value;
  const numbers = [header.rows, header.rawBytes, header.events, header.truncatedBytes, header.corruptHalves];
  return (
    numbers.every((number) => Number.isSafeInteger(number)) &&
    typeof header.key === 'string' &&
    typeof header.sha256 === 'string' &&
    Array.isArray(header.chips) &&
    Array.isArray(header.warnings) &&
    isSchema(header.schema)
  );
}

function isSchema(value: unknown): value is TableSchema {
  return typeof value === 'object' && value !== null && 'columns' in value && Array.isArray(value.columns);
}

export function noPart(path: string, why: string): DatenraffinerieError {
  return new DatenraffinerieError('DataError', `${path} is no whole part (${why})`, {
    remedy: 'delete it; it is made again from the raw file',
  });
}

/** Goes up whenever the same raw file would give other rows: parts of another version are made again. */
export const decoderVersion = 1;

/** Everything that decides what stands in a part. */
export interface PartKeyInput {
  /** Of the raw file. */
  readonly sha256: string;
  /** Key of the run: its configuration, which the configuration columns show. */
  readonly runKey: string;
  readonly axisValues: ReadonlyMap<string, Scalar>;
  /** Slow readings of the run, where it has some. */
  readonly readings?: RunReadings | undefined;
  readonly layout: TableLayout;
  readonly dataFormat: DataFormat;
}

/** Key of a part, hex: another one means that it must be made again, never that the run must be measured again. */
export function partKey(input: PartKeyInput): string {
  const { sha256, runKey, axisValues, layout, dataFormat } = input;
  const readings = readingsShown(layout, input.readings);
  const shown = readings.length === 0 ? [] : [readings];
  const decides = [decoderVersion, sha256, runKey, [...axisValues], layout, dataFormat, ...shown];
  return textSha256(JSON.stringify(decides));
}
