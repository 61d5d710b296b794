import { Float, isList, isMap, type Scalar, type TypedMap, type TypedValue } from '../value.js';
import { needsQuotes } from './yaml-scalar.js';

/**
 * A configuration as YAML that PyYAML (1.1) reads back to the very same values and key types: integer keys stay
 * integers, text that looks like something else is quoted. Mappings in block style, lists of scalars on one line.
 */
export function formatYaml(value: TypedValue): string {
  if (isMap(value) && value.size > 0) return blockMap(value, '').slice(1) + '\n';
  if (isList(value) && value.some(isStructure)) return blockList(value, '').slice(1) + '\n';
  return `${inline(value)}\n`;
}

function isStructure(value: TypedValue): boolean {
  return (isMap(value) && value.size > 0) || (isList(value) && value.some(isStructure));
}

/** A value after `key:` or `-`, with its leading space or line break. */
function member(value: TypedValue, indent: string): string {
  if (isMap(value) && value.size > 0) return blockMap(value, `${indent}  `);
  if (isList(value) && value.some(isStructure)) return blockList(value, `${indent}  `);
  return ` ${inline(value)}`;
}

function blockMap(map: TypedMap, indent: string): string {
  let text = '';
  for (const [key, value] of map) text += `\n${indent}${keyText(key)}:${member(value, indent)}`;
  return text;
}

function blockList(list: readonly TypedValue[], indent: string): string {
  let text = '';
  for (const value of list) text += `\n${indent}-${member(value, indent)}`;
  return text;
}

/** PyYAML takes a key of at most 1024 characters before its colon; longer ones need the explicit `? ` form. */
function keyText(key: Scalar): string {
  const text = formatScalar(key);
  if (text.length > 1000) throw new RangeError('a key longer than 1000 characters cannot be written');
  return text;
}

function inline(value: TypedValue): string {
  if (isMap(value)) return '{}';
  if (isList(value)) return `[${value.map(inline).join(', ')}]`;
  return formatScalar(value);
}

/** One scalar as it stands in a YAML file. */
export function formatScalar(value: Scalar | Float): string {
  if (value instanceof Float) return formatFloat(value);
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' ? formatNumber(value) : formatText(value);
}

function formatFloat({ value }: Float): string {
  const text = formatNumber(value);
  return Number.isSafeInteger(value) && !text.includes('.') ? `${text}.0` : text;
}

/** PyYAML reads a float only with a dot and a signed exponent. */
function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  if (!text.includes('e')) return Number.isInteger(value) && !Number.isSafeInteger(value) ? `${text}.0` : text;
  const [mantissa, exponent] = text.split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}e${exponent}`;
}

const harmless = /^[A-Za-z_./][A-Za-z0-9_./ ()+%*-]*$/;
// what YAML counts as a line break or as not printable, and half surrogate pairs
const toEscape =
  /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function formatText(text: string): string {
  if (
    text.length < 200 &&
    harmless.test(text) &&
    !text.endsWith(' ') &&
    !text.startsWith('...') &&
    !needsQuotes(text)
  ) {
    return text;
  }
  return JSON.stringify(text).replace(
    toEscape,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
