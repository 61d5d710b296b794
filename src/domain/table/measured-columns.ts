import type { Mode } from '../config/procedure.js';
import { eventColumnNames, summaryColumnNames } from '../hgcroc/columns.js';
import type { Column, ColumnType } from './schema.js';

/** Of event mode: what may be −1 is signed. */
const signedEventColumns: ReadonlySet<string> = new Set(['adc', 'adcm', 'tot', 'trigtime']);

const units: readonly (readonly [RegExp, string])[] = [
  [/^adcm?(_(median|iqr|mean|stdd))?$/, 'ADC counts'],
  [/^tot_(median|iqr|mean|stdd)$|^tot$/, 'TOT counts'],
  [/^toa_(median|iqr|mean|stdd)$|^toa$/, 'TOA counts'],
];

/** All measured columns of a mode, in table order, with the types that users' tools expect. */
export function measuredColumns(mode: Mode): readonly Column[] {
  const names: readonly string[] = mode === 'full' ? eventColumnNames : summaryColumnNames;
  return names.map((name) => {
    const unit = units.find(([pattern]) => pattern.test(name))?.[1];
    return {
      name,
      type: mode === 'full' ? eventType(name) : summaryType(name),
      ...(unit === undefined ? {} : { unit }),
    };
  });
}

function eventType(name: string): ColumnType {
  return signedEventColumns.has(name) ? 'i32' : 'u32';
}

function summaryType(name: string): ColumnType {
  if (name === 'chip') return 'u32';
  return /^channel|_median$|_iqr$/.test(name) ? 'i16' : 'f32';
}
