import type { Scalar } from '../value.js';

/**
 * Plain (unquoted) scalars as PyYAML's resolver reads them: YAML 1.1 with a few differences of its own, of which these
 * matter: a float needs a dot (`1e3` is text) and a signed exponent, `y` and `n` are text, dates stay text here.
 */
const integer =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const float =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const timestamp =
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/;

const words = new Map<string, Scalar>([
  ...spellings('yes', true),
  ...spellings('true', true),
  ...spellings('on', true),
  ...spellings('no', false),
  ...spellings('false', false),
  ...spellings('off', false),
  ...spellings('null', null),
  ['~', null],
  ['', null],
]);

function spellings(word: string, value: Scalar): [string, Scalar][] {
  const capital = word[0].toUpperCase() + word.slice(1);
  return [word, capital, word.toUpperCase()].map((text) => [text, value]);
}

/** Value of a plain scalar. An integer that a double cannot hold exactly is an error, never rounded in silence. */
export function resolvePlain(text: string): Scalar {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (!/^[-+.0-9]/.test(text)) return text;
  if (integer.test(text)) return readInteger(text);
  if (float.test(text)) return readFloat(text);
  return text;
}

/** Whether a plain scalar that is a number is a float, also where its value is whole: `2.0`, `1.5e+3`. */
export function isFloatText(text: string): boolean {
  return float.test(text);
}

/** Whether PyYAML would read this text, unquoted, as something else than text. */
export function needsQuotes(text: string): boolean {
  return (
    words.has(text) || text === '=' || text === '<<' || integer.test(text) || float.test(text) || timestamp.test(text)
  );
}

function readInteger(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
  const value = sign * magnitude(digits);
  if (!Number.isSafeInteger(value)) throw new RangeError(`the integer ${text} is too large: at most 2^53 - 1 is exact`);
  return value === 0 ? 0 : value;
}

function magnitude(digits: string): number {
  if (digits === '0') return 0;
  if (digits.startsWith('0b') || digits.startsWith('0x')) return Number(digits);
  if (digits.includes(':')) return sexagesimal(digits);
  return digits.startsWith('0') ? parseInt(digits, 8) : Number(digits);
}

function readFloat(text: string): number {
  const plain = text.replaceAll('_', '').toLowerCase();
  if (plain.endsWith('.inf')) return plain.startsWith('-') ? -Infinity : Infinity;
  if (plain === '.nan') return NaN;
  if (!plain.includes(':')) return Number(plain);
  return (plain.startsWith('-') ? -1 : 1) * sexagesimal(plain.replace(/^[-+]/, ''));
}

/** `1:30` is 90: base 60, as YAML 1.1 has it. */
function sexagesimal(digits: string): number {
  return digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
