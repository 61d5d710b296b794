import { expect, it } from 'vitest';
import { formatCsv } from '../../src/domain/analysis/csv.js';
import { markdownText, visibleText } from '../../src/domain/foreign-text.js';

it.each([
  ['\u001b]0;owned\u0007', '\\x1b]0;owned\\x07'],
  ['\u001b[2J\u001b[1;1H', '\\x1b[2J\\x1b[1;1H'],
  ['50 %\rdone', '50 %\\x0ddone'],
  ['a\u009b31mb', 'a\\x9b31mb'],
  ['gnp.\u202exe', 'gnp.\\u202exe'],
  ['\u001b[1;31mred\u001b[0m', '\u001b[1;31mred\u001b[0m'],
  ['line\r\nand\tmore\n', 'line\r\nand\tmore\n'],
  ['Grüße, 測定 µA', 'Grüße, 測定 µA'],
])('%j is shown as %j', (text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

it.each([
  ['[click](javascript:x)', '\\[click\\](javascript:x)'],
  ['![](http://a/b.png)', '!\\[\\](http://a/b.png)'],
  ['<img src=x>', '\\<img src=x>'],
  ['a | b\n# c', 'a \\| b # c'],
  ['pedestal_run of _it_', 'pedestal_run of \\_it\\_'],
])('%j is nothing but text in Markdown', (text, shown) => {
  expect(markdownText(text)).toBe(shown);
});

it.each(['=1+1', '+cmd|x', '-2+3', '@SUM(A1)', '\tx'])('%j is no formula in a CSV file', (text) => {
  expect(formatCsv([{ name: 'chip', values: [text] }])).toBe(`chip\n'${text}\n`);
});

it('numbers keep their signs in a CSV file', () => {
  expect(formatCsv([{ name: 'mean', values: [-1.5, 2] }])).toBe('mean\n-1.5\n2\n');
});
