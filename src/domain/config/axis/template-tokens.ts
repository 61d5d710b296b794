import { tokenize } from '@huggingface/jinja';

/** The library hands them out without types. */
interface Token {
  readonly type: string;
  readonly value: string;
}

/** What `X is NAME ARGUMENT` becomes, since the library's tests take no argument: `X | is_NAME(ARGUMENT)`. */
const testFilter = /^is_(not_)?(.+)$/;

/** Tests that take an argument, by all their names. */
const testNames: ReadonlySet<string> = new Set([
  'divisibleby',
  ...['eq', 'equalto', 'sameas', 'ne', 'lt', 'lessthan', 'le', 'gt', 'greaterthan', 'ge', 'in'],
]);

/** The tokens of a template, with what Jinja reads and the library does not: numbers, raw blocks, tests of two values. */
export function templateTokens(text: string): Token[] {
  return testsAsFilters(wholeNumbers(tokenize(rawAsText(text)) as Token[]));
}

/** The test that a filter of these tokens stands for. */
export function testOfFilter(filter: string): { readonly name: string; readonly negated: boolean } | undefined {
  const [, not, name] = testFilter.exec(filter) ?? [];
  return testNames.has(name) ? { name, negated: not !== undefined } : undefined;
}

const rawBlock = /\{%([-+]?)\s*raw\s*(-?)%\}([\s\S]*?)\{%(-?)\s*endraw\s*([-+]?)%\}/g;

/** `{% raw %}…{% endraw %}` as an expression that prints its text. */
function rawAsText(text: string): string {
  return text.replaceAll(rawBlock, (_, before: string, strip: string, body: string, strip2: string, after: string) => {
    const start = strip === '-' ? body.trimStart() : body;
    const kept = strip2 === '-' ? start.trimEnd() : start;
    const quoted = kept.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
    return `{{${before === '-' ? '-' : ''} '${quoted}' ${after === '-' ? '-' : ''}}}`;
  });
}

const prefixed = /^(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+)$/;

/** `0x1F`, `0b11`, `1_000`, `1e3` and `1e-3`, which the library cuts behind the first digits. */
function wholeNumbers(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const [{ type, value }, rest, sign, digits] = tokens.slice(at, at + 4);
    joined.push(tokens[at]);
    if (type !== 'NumericLiteral' || rest?.type !== 'Identifier') continue;
    const whole = value + rest.value;
    const signed = /e$/i.test(whole) && digits?.type === 'NumericLiteral' ? whole + sign.value + digits.value : whole;
    const number = numberOf(signed);
    if (number === undefined) continue;
    joined[joined.length - 1] = { type, value: number };
    at += signed === whole ? 1 : 3;
  }
  return joined;
}

/** A number as the library's parser takes it; one with an exponent is a fraction, as in Python. */
function numberOf(text: string): string | undefined {
  if (prefixed.test(text)) return String(Number(text.replaceAll('_', '')));
  if (/^\d[\d_]*\d$/.test(text)) return text.replaceAll('_', '');
  if (!/^[\d_]+(\.[\d_]+)?e[-+]?\d+$/i.test(text)) return undefined;
  const value = Number(text.replaceAll('_', ''));
  return Number.isInteger(value) ? `${BigInt(value)}.0` : value.toFixed(20);
}

function testsAsFilters(tokens: readonly Token[]): Token[] {
  const result: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const negated = isWord(tokens[at + 1], 'not');
    const name = at + (negated ? 2 : 1);
    if (!isWord(tokens[at], 'is') || tokens[name]?.type !== 'Identifier' || !testNames.has(tokens[name].value)) {
      result.push(tokens[at]);
      continue;
    }
    const end = operandEnd(tokens, name + 1);
    const operand = tokens.slice(name + 1, end);
    const inBrackets = operand[0]?.type === 'OpenParen';
    result.push({ type: 'Pipe', value: '|' });
    result.push({ type: 'Identifier', value: `is_${negated ? 'not_' : ''}${tokens[name].value}` });
    result.push(...(inBrackets ? operand : [open, ...operand, close]));
    at = end - 1;
  }
  return result;
}

const open: Token = { type: 'OpenParen', value: '(' };
const close: Token = { type: 'CloseParen', value: ')' };

const brackets: Readonly<Record<string, 1 | -1>> = {
  ...{ OpenParen: 1, OpenSquareBracket: 1, OpenCurlyBracket: 1 },
  ...{ CloseParen: -1, CloseSquareBracket: -1, CloseCurlyBracket: -1 },
};

/** Behind the value that begins at a place: a name with its members, a literal, or something in brackets. */
function operandEnd(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const { type } = tokens[at];
    depth += brackets[type] ?? 0;
    const follows = tokens[at + 1]?.type;
    const goesOn = type === 'Dot' || follows === 'Dot' || (type === 'Identifier' && (brackets[follows ?? ''] ?? 0) > 0);
    if (depth <= 0 && !goesOn) return Math.min(tokens.length, at + 1);
  }
  return tokens.length;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.type === 'Identifier' && token.value === word;
}
