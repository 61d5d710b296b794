import { expect, it } from 'vitest';
import { parseSource } from '../../../../src/domain/config/yaml/yaml.js';
import type { ConfigValue } from '../../../../src/domain/config/value.js';

// Files as programs and people write them, read as PyYAML 6.0.3 reads them.
const plain = (value: ConfigValue): unknown =>
  JSON.parse(JSON.stringify(value, (_, each: unknown) => (each instanceof Map ? Object.fromEntries(each) : each)));
const read = (text: string): unknown => plain(parseSource(text, 'f.yaml').value);

it.each([
  [
    'a bracket at the margin',
    'procs:\n- key: [\n    roc_s0,\n    Top\n]\nb: 1\n',
    { procs: [{ key: ['roc_s0', 'Top'] }], b: 1 },
  ],
  [
    'all within brackets at the margin',
    'a:\n  b: {\nx: 1,\ny: [1,\n2\n]\n}\nc: 3\n',
    { a: { b: { x: 1, y: [1, 2] } }, c: 3 },
  ],
  [
    'a second merge key',
    'a: &a {y: 1}\nb: &b {y: 2}\nc:\n  <<: *a\n  <<: *b\n',
    { a: { y: 1 }, b: { y: 2 }, c: { y: 2 } },
  ],
  ['a list of merges', 'a: &a {y: 1}\nb: &b {y: 2}\nc:\n  <<: [*a, *b]\n', { a: { y: 1 }, b: { y: 2 }, c: { y: 1 } }],
])('%s', (_, text, value) => {
  expect(read(text)).toEqual(value);
});

it('a second merge key is warned of, with its place', () => {
  const [warning, ...more] = parseSource('a: &a {y: 1}\nc:\n  <<: *a\n  <<: *a\n', 'f.yaml').warnings();
  expect(warning).toMatchObject({ line: 4, message: expect.stringContaining('the last one counts') });
  expect(more).toEqual([]);
});

it.each([
  ['x: !!python/tuple [1, 2]\n', '!!python/tuple'],
  ['a:\n  x: !!python/object/apply:numpy.dtype\n    args: [i8]\n', '!!python/object/apply:numpy.dtype'],
  ['x: !!binary |\n  BwAAAAAAAAA=\n', '!!binary'],
])('%j is refused with the remedy', (text, tag) => {
  expect(() => parseSource(text, 'f.yaml')).toThrow(`the tag ${tag} is not supported here: write plain numbers`);
});

it('a tag of its own on a mapping is refused, not passed over', () => {
  expect(() => parseSource('x: !board {a: 1}\n', 'f.yaml')).toThrow('the tag !board is not supported here');
});

it('a bracket that is left open is an error at its place', () => {
  expect(() => parseSource('x: [1,\ny: 2\n', 'f.yaml')).toThrow(/^f\.yaml:\d+:\d+: no valid YAML/);
});

it.each([
  ['brackets', `a: ${'['.repeat(20_000)}`],
  ['blocks', Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
])('depth has an end: %s', (_, text) => {
  expect(() => parseSource(text, 'f.yaml')).toThrow('nested deeper than 100 levels');
});
