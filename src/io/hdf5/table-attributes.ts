import { columnWidth, type TableSchema } from '../../domain/table/schema.js';
import { columnDatatype } from './datatype.js';
import { attribute, textAttribute, type Message } from './messages.js';

/** What makes PyTables take a group as one of its own; the root has the format's version as well. */
export function groupAttributes(root = false): Message[] {
  return [
    textAttribute('CLASS', 'GROUP'),
    ...(root ? [textAttribute('PYTABLES_FORMAT_VERSION', '2.1')] : []),
    textAttribute('TITLE', ''),
    textAttribute('VERSION', '1.0'),
  ];
}

/**
 * What makes PyTables take a dataset as a table. Units, labels and meanings (codes of channels, what −1 says) stand where PyTables keeps attributes of columns
 * (`table.cols.adc_mean.attrs.unit`).
 */
export function tableAttributes({ columns }: TableSchema): Message[] {
  return [
    textAttribute('CLASS', 'TABLE'),
    textAttribute('VERSION', '2.7'),
    textAttribute('TITLE', ''),
    ...columns.map(({ name }, index) => textAttribute(`FIELD_${index}_NAME`, name)),
    ...columns.map(({ type }, index) =>
      attribute(`FIELD_${index}_FILL`, columnDatatype(type), new Uint8Array(columnWidth(type))),
    ),
    ...columns.flatMap(({ unit, label, meaning }, index) => [
      ...(unit === undefined ? [] : [textAttribute(`FIELD_${index}_ATTR_unit`, unit)]),
      ...(label === undefined ? [] : [textAttribute(`FIELD_${index}_ATTR_label`, label)]),
      ...(meaning === undefined ? [] : [textAttribute(`FIELD_${index}_ATTR_meaning`, meaning)]),
    ]),
  ];
}
