import type { Axis } from '../config/procedure.js';
import { chooseColumns, type ColumnProblem, type ColumnRequest } from './choose-columns.js';
import { ColumnValues, type RangeLookup } from './column-values.js';
import type { ConfigSource, TableLayout } from './layout.js';
import type { Column, ColumnType } from './schema.js';

export interface LayoutRequest extends ColumnRequest {
  /** Bounds of a register, where they are known; else the column holds what occurs in the procedure. */
  readonly ranges?: RangeLookup;
}

export interface BuiltLayout {
  readonly layout: TableLayout;
  /** What of `dataColumns` is no column, and names that a table cannot have. */
  readonly problems: readonly ColumnProblem[];
}

/**
 * The columns of a procedure's table. Measured columns first, then configuration columns, each in the order of
 * `dataColumns`; where all are wanted, in table order, then chip parameters by name, generator settings, axes. The
 * axes' columns are always there, under `axis_NAME` where a measured column has their name.
 */
export function buildTableLayout(request: LayoutRequest): BuiltLayout {
  const { mode, startState, axes, ranges, integers } = request;
  const values = new ColumnValues(startState, axes, { ranges, integers });
  const { measured, config: chosen, problems } = chooseColumns(request, values);
  const about = axisTexts(axes);
  const config = chosen.map(({ name, source }) => ({
    column: { name, type: typeOf(source, values), ...about.get(source.name) },
    source,
  }));
  const schema = { columns: [...measured, ...config.map(({ column }) => column)] };
  return { layout: { mode, measured, config, schema }, problems };
}

function typeOf({ kind, name }: ConfigSource, values: ColumnValues): ColumnType {
  if (kind === 'parameter') return values.parameterType(name);
  return kind === 'generator' ? values.generatorType(name) : values.axisType(name);
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
