import { unfitColumn } from '../config/name.js';
import { suggestion } from '../config/nearest.js';
import type { Axis, Mode } from '../config/procedure.js';
import type { ConfigMap } from '../config/value.js';
import type { Problem } from '../errors.js';
import type { IntegerTypes } from './column-type.js';
import { ColumnValues } from './column-values.js';
import type { ConfigSource } from './layout.js';
import { measuredColumns } from './measured-columns.js';
import { namingPoints } from './naming-points.js';
import type { Column } from './schema.js';

/** What decides which columns a table has. */
export interface ColumnRequest {
  readonly mode: Mode;
  /** Names of the columns asked for, in the order wanted; empty means all. */
  readonly dataColumns: readonly string[];
  /** The whole configuration that the runs' patches are laid on. */
  readonly startState: ConfigMap;
  readonly axes: readonly Axis[];
  /** Default: signed. */
  readonly integers?: IntegerTypes;
}

/** Why a table cannot have a column, or what else is to be said of it. */
export interface ColumnProblem extends Problem {
  readonly name: string;
  /** The axis' column it comes from, where it is one. */
  readonly axis?: string;
}

export interface NamedSource {
  readonly name: string;
  readonly source: ConfigSource;
}

/** The columns of a table, their types aside. */
export interface ChosenColumns {
  readonly measured: readonly Column[];
  readonly config: readonly NamedSource[];
  readonly problems: readonly ColumnProblem[];
}

/** Columns that older configurations ask for and that no table has any more: left out. */
const retiredColumns: ReadonlySet<string> = new Set(['event_mode', 'errorbit']);

/** All that is wrong with the columns of a table, without a look at every point of large axes. */
export function columnProblems(request: ColumnRequest): readonly ColumnProblem[] {
  const { startState, axes } = request;
  return chooseColumns(request, new ColumnValues(startState, axes, { pointsOf: namingPoints })).problems;
}

/** Measured columns and configuration columns of a table, in its order, and all that is wrong with them. */
export function chooseColumns(request: ColumnRequest, values: ColumnValues): ChosenColumns {
  const { mode, dataColumns } = request;
  const all = measuredColumns(mode, request.integers);
  const taken = new Set(all.map(({ name }) => name));
  const sources = configSources(values, taken);
  const known = new Map(sources.map((each) => [each.name, each]));

  const wanted = [...new Set(dataColumns)];
  const measured = wanted.length === 0 ? all : wanted.flatMap((name) => all.filter((column) => column.name === name));
  const asked = wanted.length === 0 ? [...known.keys()] : wanted.filter((name) => known.has(name));
  const ofAxes = values.axisColumns.map((name) => tableName(name, taken));
  const config = [...new Set([...asked, ...ofAxes])].flatMap((name) => known.get(name) ?? []);

  const candidates = [...taken, ...known.keys()];
  const unknown = wanted.filter((name) => !candidates.includes(name));
  return {
    measured,
    config,
    problems: [
      ...unknown.map((name) => unknownColumn(name, mode, candidates)),
      ...config.flatMap(({ name, source }) => unfit(name, source)),
      ...twins(sources),
    ],
  };
}

/** All configuration columns that a table of this procedure can have. */
function configSources(values: ColumnValues, measured: ReadonlySet<string>): readonly NamedSource[] {
  const parameters = [...values.parameters.keys()].filter((name) => !measured.has(name)).sort();
  const generators = [...values.generators.keys()].filter(
    (name) => !measured.has(name) && !values.parameters.has(name),
  );
  const others = values.axisColumns.filter((name) => !parameters.includes(name) && !generators.includes(name));
  return [
    ...parameters.map((name) => ({ name, source: { kind: 'parameter', name } as const })),
    ...generators.map((name) => ({ name, source: { kind: 'generator', name } as const })),
    ...others.map((name) => ({ name: tableName(name, measured), source: { kind: 'axis', name } as const })),
  ];
}

function tableName(axisColumn: string, measured: ReadonlySet<string>): string {
  return measured.has(axisColumn) ? `axis_${axisColumn}` : axisColumn;
}

function unknownColumn(name: string, mode: Mode, candidates: readonly string[]): ColumnProblem {
  if (retiredColumns.has(name)) {
    const message = `the column '${name}' does not exist any more`;
    return { severity: 'warning', name, message, remedy: 'remove it' };
  }
  const other = mode === 'full' ? 'summary' : 'full';
  const message = `unknown column '${name}' in ${mode} mode`;
  const remedy = measuredColumns(other).some((column) => column.name === name)
    ? `'${name}' is a column of mode ${other}`
    : suggestion(name, candidates);
  return { severity: 'error', name, message, ...(remedy === undefined ? {} : { remedy }) };
}

function unfit(name: string, source: ConfigSource): ColumnProblem[] {
  const why = unfitColumn(name);
  if (why === undefined) return [];
  const message = `the column name '${name}' ${why}`;
  if (source.kind === 'axis') {
    const remedy = 'give the axis another name; its label may be any text';
    return [{ severity: 'error', name, axis: source.name, message, remedy }];
  }
  return [{ severity: 'error', name, message, remedy: 'ask for the columns that are wanted, without it' }];
}

/** Columns of axes that would bear one name, so that one of them would be lost. */
function twins(sources: readonly NamedSource[]): ColumnProblem[] {
  return sources.flatMap(({ name, source }, index) => {
    const first = sources.findIndex((other) => other.name === name);
    if (first === index) return [];
    const message = `two columns of the table would be called '${name}'`;
    return [{ severity: 'error', name, axis: source.name, message, remedy: 'give one of the axes another name' }];
  });
}
