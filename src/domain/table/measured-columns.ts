import type { Mode } from '../config/procedure.js';
import { columnMeaning } from '../hgcroc/column-meaning.js';
import { eventColumnNames, summaryColumnNames } from '../hgcroc/columns.js';
import type { IntegerTypes } from './column-type.js';
import type { Column, ColumnType, TableSchema } from './schema.js';

/** Of event mode up to 2.0.0: what may be −1 is signed, all else is not. */
const signedEventColumns: ReadonlySet<string> = new Set(['adc', 'adcm', 'tot', 'trigtime']);

const units: readonly (readonly [RegExp, string])[] = [
  [/^adcm?(_(median|iqr|mean|stdd))?$/, 'ADC counts'],
  [/^tot_(median|iqr|mean|stdd)$|^tot$/, 'TOT counts'],
  [/^toa_(median|iqr|mean|stdd)$|^toa$/, 'TOA counts'],
];

/** All measured columns of a mode, in table order, with the types that users' tools expect. */
export function measuredColumns(mode: Mode, integers: IntegerTypes = 'signed'): readonly Column[] {
  const names: readonly string[] = mode === 'full' ? eventColumnNames : summaryColumnNames;
  return names.map((name) => {
    const unit = units.find(([pattern]) => pattern.test(name))?.[1];
    return {
      name,
      type: typeOf(name, mode, integers),
      ...(unit === undefined ? {} : { unit }),
    };
  });
}

const measured: ReadonlySet<string> = new Set([...summaryColumnNames, ...eventColumnNames]);

/** The columns as a table for people has them: measured ones with their meaning, which makes no other rows. */
export function withMeanings({ columns }: TableSchema): TableSchema {
  return {
    columns: columns.map((column) =>
      measured.has(column.name) ? { ...column, meaning: columnMeaning(column.name) } : column,
    ),
  };
}

function typeOf(name: string, mode: Mode, integers: IntegerTypes): ColumnType {
  const whole = integers === 'signed' ? 'i32' : 'u32';
  if (mode === 'full') return signedEventColumns.has(name) ? 'i32' : whole;
  if (name === 'chip') return whole;
  return /^channel|_median$|_iqr$/.test(name) ? 'i16' : 'f32';
}
