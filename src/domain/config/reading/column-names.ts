import { columnProblems, type ColumnRequest } from '../../table/choose-columns.js';
import type { Axis } from '../procedure.js';
import { report, type Section } from '../yaml/validate.js';
import { isList, type Key } from '../value.js';

/** An axis with the part of the file it was read from. */
export interface ReadAxis {
  readonly axis: Axis;
  readonly section: Section;
}

/** Reports what is wrong with the columns of a procedure's table, where it is written. */
export function checkColumns(
  section: Section,
  axes: readonly ReadAxis[],
  request: Pick<ColumnRequest, 'mode' | 'dataColumns' | 'startState'>,
): void {
  for (const problem of columnProblems({ ...request, axes: axes.map(({ axis }) => axis) })) {
    const { message, severity, remedy, name, axis } = problem;
    const from = axes.find((each) => axis !== undefined && each.axis.columns(0).has(axis));
    const keys = from === undefined ? keysOf(section, name) : ['name'];
    report(from?.section ?? section, message, { keys, severity, remedy });
  }
}

function keysOf({ value }: Section, column: string): readonly Key[] {
  const asked = value instanceof Map ? value.get('data_columns') : undefined;
  const index = isList(asked) ? asked.indexOf(column) : -1;
  return index < 0 ? ['name'] : ['data_columns', index];
}
