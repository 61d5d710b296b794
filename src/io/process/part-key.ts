import type { DataFormat } from '../../domain/config/procedure.js';
import type { Scalar } from '../../domain/config/value.js';
import type { TableLayout } from '../../domain/table/layout.js';
import { textSha256 } from '../files.js';
import { readingsShown, type RunReadings } from '../../domain/table/reading-columns.js';

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
