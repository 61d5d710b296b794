import type { Problem } from '../errors.js';
import { suggestion } from '../config/nearest.js';
import type { Axis, Mode } from '../config/procedure.js';
import type { ConfigMap } from '../config/value.js';
import { ColumnValues, type RangeLookup } from './column-values.js';
import type { ConfigColumn, TableLayout } from './layout.js';
import { measuredColumns } from './measured-columns.js';
import type { Column } from './schema.js';

export interface LayoutRequest {
  readonly mode: Mode;
  /** Names of the columns asked for, in the order wanted; empty means all. */
  readonly dataColumns: readonly string[];
  /** The whole configuration that the runs' patches are laid on. */
  readonly startState: ConfigMap;
  readonly axes: readonly Axis[];
  /** Bounds of a register, where they are known; else the column holds what occurs in the procedure. */
  readonly ranges?: RangeLookup;
}

export interface BuiltLayout {
  readonly layout: TableLayout;
  /** Names of `dataColumns` that are no column, with the nearest that is one. */
  readonly problems: readonly Problem[];
}

/** Columns that older configurations ask for and that no table has any more: left out without a word. */
const retiredColumns: ReadonlySet<string> = new Set(['event_mode', 'errorbit']);

/**
 * The columns of a procedure's table. Measured columns first, then configuration columns, each in the order of
 * `dataColumns`; where all are wanted, in table order, then chip parameters by name, generator settings, axes. The
 * axes' columns are always there, under `axis_NAME` where a measured column has their name.
 */
export function buildTableLayout(request: LayoutRequest): BuiltLayout {
  const { mode, dataColumns } = request;
  const all = measuredColumns(mode);
  const values = new ColumnValues(request.startState, request.axes, request.ranges);
  const taken = new Set(all.map(({ name }) => name));
  const known = new Map(configColumns(values, request.axes, taken).map((column) => [column.column.name, column]));

  const wanted = [...new Set(dataColumns)];
  const measured = wanted.length === 0 ? all : wanted.flatMap((name) => all.filter((column) => column.name === name));
  const asked = wanted.length === 0 ? [...known.keys()] : wanted.filter((name) => known.has(name));
  const ofAxes = values.axisColumns.map((name) => tableName(name, taken));
  const config = [...new Set([...asked, ...ofAxes])].flatMap((name) => known.get(name) ?? []);

  const candidates = [...taken, ...known.keys()];
  const unknown = wanted.filter((name) => !candidates.includes(name) && !retiredColumns.has(name));
  const schema = { columns: [...measured, ...config.map(({ column }) => column)] };
  return {
    layout: { mode, measured, config, schema },
    problems: unknown.map((name) => unknownColumn(name, mode, candidates)),
  };
}

/** All configuration columns that a table of this procedure can have. */
function configColumns(
  values: ColumnValues,
  axes: readonly Axis[],
  measured: ReadonlySet<string>,
): readonly ConfigColumn[] {
  const parameters = [...values.parameters.keys()].filter((name) => !measured.has(name)).sort();
  const generators = [...values.generators.keys()].filter(
    (name) => !measured.has(name) && !values.parameters.has(name),
  );
  const others = values.axisColumns.filter((name) => !parameters.includes(name) && !generators.includes(name));
  const about = axisTexts(axes);
  return [
    ...parameters.map((name) => ({
      column: { name, type: values.parameterType(name), ...about.get(name) },
      source: { kind: 'parameter', name } as const,
    })),
    ...generators.map((name) => ({
      column: { name, type: values.generatorType(name), ...about.get(name) },
      source: { kind: 'generator', name } as const,
    })),
    ...others.map((name) => ({
      column: { name: tableName(name, measured), type: values.axisType(name), ...about.get(name) },
      source: { kind: 'axis', name } as const,
    })),
  ];
}

function tableName(axisColumn: string, measured: ReadonlySet<string>): string {
  return measured.has(axisColumn) ? `axis_${axisColumn}` : axisColumn;
}

/** Unit and label of the axes, for the columns that bear an axis' name. */
function axisTexts(axes: readonly Axis[]): ReadonlyMap<string, Pick<Column, 'unit' | 'label'>> {
  return new Map(
    axes.map(({ name, unit, label }) => [
      name,
      { ...(unit === undefined ? {} : { unit }), ...(label === undefined ? {} : { label }) },
    ]),
  );
}

function unknownColumn(name: string, mode: Mode, candidates: readonly string[]): Problem {
  const other = mode === 'full' ? 'summary' : 'full';
  const message = `data_columns: unknown column '${name}' in ${mode} mode`;
  const remedy = measuredColumns(other).some((column) => column.name === name)
    ? `'${name}' is a column of mode ${other}`
    : suggestion(name, candidates);
  return { severity: 'error', message, ...(remedy === undefined ? {} : { remedy }) };
}
