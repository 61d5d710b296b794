import { expect, it } from 'vitest';
import { parseTemplate } from '../../../../src/domain/config/axis/template.js';
import { formatText } from '../../../../src/domain/config/axis/python-operations.js';

// What jinja2 3.1 gives.
it.each([
  ['{{ (value - 5) % 16 }}', 0, '11'],
  ['{{ ((value - 5) / 2) | int }}', 0, '-2'],
  ['{{ -7 // 2 }}', 0, '-4'],
  ['{{ 7 % -3 }}', 0, '-2'],
  ["{{ '%05d' % value }}", 12, '00012'],
  ["{{ '%05d' | format(value) }}", 12, '00012'],
  ["{{ '%s-%02x' | format('a', value) }}", 10, 'a-0a'],
  ["{{ '1f' | int(base=16) }}", 0, '31'],
  ["{{ '0x1f' | int(0, 16) }}", 0, '31'],
  ["{{ 'x' | int(7) }}", 0, '7'],
  ["{{ 'x' | int(default=8) }}", 0, '8'],
  ["{{ '-3.9' | int }}", 0, '-3'],
  ['{{ 2.9 | int }}', 0, '2'],
  ["{{ '%.2f' % (value / 3) }}", 1, '0.33'],
  ["{{ '%s' % 'a' }}", 0, 'a'],
  ['{{ value // 16 * 16 + value % 16 }}', 37, '37'],
])('%s with %d is %s', (template, value, text) => {
  expect(parseTemplate(template).render({ value })).toBe(text);
});

it.each([
  ['%5d|', [42], '   42|'],
  ['%-5d|', [42], '42   |'],
  ['%+d % d', [1, 2], '+1  2'],
  ['%05d', [-42], '-0042'],
  ['%e', [1234.5], '1.234500e+03'],
  ['%g', [0.00001], '1e-05'],
  ['%g', [100000], '100000'],
  ['%g', [1e6], '1e+06'],
  ['%.3g', [3.14159], '3.14'],
  ['100 %%', [], '100 %'],
  ['%X %o', [255, 8], 'FF 10'],
])('%j of %j is %j', (pattern, values, text) => {
  expect(formatText(pattern, values)).toBe(text);
});

it.each([
  ["{{ '%d' % 'a' }}", "wants a number, not 'a'"],
  ["{{ '%d %d' | format(1) }}", 'wants more than 1 values'],
  ["{{ '%d' | format(1, 2) }}", 'takes 1 values, not 2'],
  ['{{ 1 % 0 }}', 'division by zero'],
  ["{{ 'a' // 2 }}", "'//' wants numbers"],
])('%s: %s', (template, message) => {
  expect(() => parseTemplate(template).render({})).toThrow(message);
});
