import type { ConfigMap, Scalar } from '../config/value.js';
import { eventOrder, summaryOrder, type ChipChannel } from '../hgcroc/channels.js';
import { ChipParameters, chipsOf } from './chip-parameters.js';
import { generatorColumns } from './generator-columns.js';
import type { ConfigColumn, TableLayout } from './layout.js';
import type { RunReadings } from './reading-columns.js';
import { columnWidth, rowSize } from './schema.js';
import { valueWriter, type ValueWriter } from './write-value.js';

interface PlacedColumn {
  readonly config: ConfigColumn;
  /** Offset in the row. */
  readonly at: number;
  readonly write: ValueWriter;
}

interface ChipRows {
  /** The chip's configuration that the bytes were made of. */
  source: ConfigMap | undefined;
  parameters: ChipParameters;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** What is the same for all rows of a run, by the kind of column. */
type RunSources = Readonly<Record<'generator' | 'axis' | 'reading', ReadonlyMap<string, Scalar>>>;

/**
 * The configuration columns of a chip's 78 rows, as packed rows in which only the measured columns are missing. Made
 * once per run, and from run to run only for the chips whose configuration changed.
 */
export class ConfigRows {
  private readonly order: readonly ChipChannel[];
  private readonly rowBytes: number;
  private readonly columns: readonly PlacedColumn[];
  private readonly rows = new Map<number, ChipRows>();
  private chips: ReadonlyMap<number, ConfigMap> = new Map();
  private runValues: ReadonlyMap<string, Scalar> = new Map();

  constructor(layout: TableLayout) {
    this.order = layout.mode === 'full' ? eventOrder : summaryOrder;
    this.rowBytes = rowSize(layout.schema);
    let at = layout.measured.reduce((sum, { type }) => sum + columnWidth(type), 0);
    this.columns = layout.config.map((config) => {
      const placed = { config, at, write: valueWriter(config.column.type) };
      at += columnWidth(config.column.type);
      return placed;
    });
  }

  /** From now on rows are those of the run with this whole configuration, these values of the axes and readings. */
  setRun(state: ConfigMap, axisValues: ReadonlyMap<string, Scalar>, readings: RunReadings = {}): void {
    this.chips = chipsOf(state);
    this.runValues = this.valuesOfRun({
      generator: generatorColumns(state),
      axis: axisValues,
      reading: new Map(Object.entries(readings)),
    });
    for (const [chip, rows] of this.rows) {
      this.follow(rows, this.chips.get(chip));
      this.fillRunValues(rows);
    }
  }

  /** The chip's rows, 0 in the measured columns. Not to be changed. */
  forChip(chip: number): Uint8Array {
    const known = this.rows.get(chip);
    if (known !== undefined) return known.bytes;
    const bytes = new Uint8Array(this.order.length * this.rowBytes);
    const source = this.chips.get(chip);
    const rows = { source, parameters: new ChipParameters(source), bytes, view: new DataView(bytes.buffer) };
    this.fillParameters(rows);
    this.fillRunValues(rows);
    this.rows.set(chip, rows);
    return bytes;
  }

  private valuesOfRun(sources: RunSources): ReadonlyMap<string, Scalar> {
    const values = new Map<string, Scalar>();
    for (const { config } of this.columns) {
      const { kind, name } = config.source;
      const value = kind === 'parameter' ? undefined : sources[kind].get(name);
      if (value !== undefined) values.set(config.column.name, value);
    }
    return values;
  }

  /** Writes again what the chip's configuration has otherwise than in the run before. */
  private follow(rows: ChipRows, source: ConfigMap | undefined): void {
    if (rows.source === source) return;
    const before = rows.parameters;
    rows.source = source;
    rows.parameters = new ChipParameters(source);
    this.fillParameters(rows, rows.parameters.differences(before));
  }

  /** @param names only these parameters */
  private fillParameters({ parameters, view }: ChipRows, names?: ReadonlySet<string>): void {
    for (const { config, at, write } of this.columns) {
      const { kind, name } = config.source;
      if (kind !== 'parameter' || names?.has(name) === false) continue;
      const ofHalf = [parameters.halfValue(name, 0), parameters.halfValue(name, 1)];
      this.order.forEach((channel, row) => {
        const value = ofHalf[channel.half] ?? parameters.channelValue(name, channel);
        write(view, row * this.rowBytes + at, value);
      });
    }
  }

  private fillRunValues(rows: ChipRows): void {
    for (const { config, at, write } of this.columns) {
      if (config.source.kind === 'parameter') continue;
      const value = this.runValues.get(config.column.name);
      for (let row = 0; row < this.order.length; row++) write(rows.view, row * this.rowBytes + at, value);
    }
  }
}
