/*
 * Python's arithmetic and formatting, where Jinja's authors rely on it and JavaScript's differs: the remainder has the
 * sign of the divisor, `//` rounds down, `int` cuts off.
 */

/** `a % b` of numbers: 0 ≤ result < b for b > 0. Throws where b is 0. */
export function modulo(a: number, b: number): number {
  if (b === 0) throw new Error('a remainder of a division by zero');
  return a - b * Math.floor(a / b);
}

/** `a // b`. Throws where b is 0. */
export function floorDivide(a: number, b: number): number {
  if (b === 0) throw new Error('a division by zero');
  return Math.floor(a / b);
}

type Test = (a: number | string, b: number | string) => boolean;

const orders: Readonly<Record<string, Test>> = {
  ...{ lt: (a, b) => a < b, lessthan: (a, b) => a < b, le: (a, b) => a <= b },
  ...{ gt: (a, b) => a > b, greaterthan: (a, b) => a > b, ge: (a, b) => a >= b },
};

/** `value is NAME argument`. Throws where they cannot be compared. */
export function isTrue(name: string, value: unknown, argument: unknown): boolean {
  if (name === 'in') return isAmong(value, argument);
  if (name === 'ne') return value !== argument;
  if (['eq', 'equalto', 'sameas'].includes(name)) return value === argument;
  if (name === 'divisibleby') return modulo(numberOf(value, name), numberOf(argument, name)) === 0;
  if (typeof value === 'string' && typeof argument === 'string') return orders[name](value, argument);
  return orders[name](numberOf(value, name), numberOf(argument, name));
}

function isAmong(value: unknown, all: unknown): boolean {
  if (Array.isArray(all)) return all.includes(value);
  if (typeof all === 'string') return all.includes(String(value));
  throw new Error(`'is in' wants a list or a text, not '${String(all)}'`);
}

function numberOf(value: unknown, test: string): number {
  if (typeof value === 'number') return value;
  throw new Error(`'is ${test}' wants numbers, not '${String(value)}'`);
}

/** The filter `int`: towards zero; `otherwise` where the text is no number of that base. */
export function toInteger(value: unknown, otherwise: number, base: number): number {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : otherwise;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return otherwise;
  const text = value.trim().replaceAll('_', '');
  const digits =
    base === 16 ? text.replace(/^([+-]?)0x/i, '$1') : base === 2 ? text.replace(/^([+-]?)0b/i, '$1') : text;
  const isWhole = digits !== '' && [...digits.replace(/^[+-]/, '')].every((digit) => parseInt(digit, base) >= 0);
  if (isWhole) return parseInt(digits, base);
  return base === 10 && text !== '' && Number.isFinite(Number(text)) ? Math.trunc(Number(text)) : otherwise;
}

const conversion = /%(?:%|([-+ 0#]*)(\d*)(?:\.(\d+))?([a-zA-Z]))/g;

/** `'%05d' % n` and the filter `format`: Python's printf-style formatting. Throws where values are too few or wrong. */
export function formatText(pattern: string, values: readonly unknown[]): string {
  let used = 0;
  const text = pattern.replaceAll(
    conversion,
    (all: string, flags = '', width = '', precision: string | undefined, kind: string) => {
      if (all === '%%') return '%';
      if (used === values.length) throw new Error(`'${pattern}' wants more than ${values.length} values`);
      return pad(
        convert(values[used++], kind, precision === undefined ? undefined : Number(precision), flags),
        Number(width),
        flags,
      );
    },
  );
  if (used < values.length) throw new Error(`'${pattern}' takes ${used} values, not ${values.length}`);
  return text;
}

function convert(value: unknown, kind: string, precision: number | undefined, flags: string): string {
  if (kind === 's' || kind === 'r') return String(value).slice(0, precision);
  if (typeof value !== 'number') throw new Error(`'%${kind}' wants a number, not '${String(value)}'`);
  const sign = value < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return sign + digitsOf(Math.abs(value), kind, precision);
}

function digitsOf(value: number, kind: string, precision: number | undefined): string {
  switch (kind) {
    case 'd':
    case 'i':
    case 'u':
      return String(Math.trunc(value)).padStart(precision ?? 0, '0');
    case 'x':
      return Math.trunc(value).toString(16);
    case 'X':
      return Math.trunc(value).toString(16).toUpperCase();
    case 'o':
      return Math.trunc(value).toString(8);
    case 'f':
    case 'F':
      return value.toFixed(precision ?? 6);
    case 'e':
    case 'E':
      return exponential(value.toExponential(precision ?? 6), kind);
    case 'g':
    case 'G':
      return exponential(general(value, precision ?? 6), kind);
    default:
      throw new Error(`'%${kind}' is no format that is known here`);
  }
}

/** Python writes two digits of the exponent at least. */
function exponential(text: string, kind: string): string {
  const full = text.replace(/e([+-])(\d)$/, 'e$10$2');
  return kind === kind.toUpperCase() ? full.toUpperCase() : full;
}

function general(value: number, precision: number): string {
  const digits = Math.max(1, precision);
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(value));
  const text = exponent < -4 || exponent >= digits ? value.toExponential(digits - 1) : value.toPrecision(digits);
  return text.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '');
}

function pad(text: string, width: number, flags: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0')) return text.padStart(width);
  const [, sign = '', digits = ''] = /^([-+ ]?)(.*)$/s.exec(text) ?? [];
  return sign + digits.padStart(width - sign.length, '0');
}
