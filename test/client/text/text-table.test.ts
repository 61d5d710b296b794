import { describe, expect, test } from 'vitest';
import { textTable } from '../../../src/client/text/text-table.js';

const columns = ['scan', { right: 'runs' }, 'note', 'operator'];
const rows = [
  ['scan-1', '8', '', 'Zoë'],
  ['s-2', '1,200', '', '𝔊erda M.'],
];

describe('a table of text', () => {
  test('is as wide as its content, with numbers to the right and without columns that are empty', () => {
    expect(textTable(columns, rows)).toEqual([
      'scan     runs  operator', //
      'scan-1      8  Zoë',
      's-2     1,200  𝔊erda M.',
    ]);
  });

  test('counts characters, not what they are stored in', () => {
    const lines = textTable(
      ['', { right: 'x' }],
      [
        ['𝔊', '1'],
        ['G', '2'],
      ],
    );
    expect(lines).toEqual(['   x', '𝔊  1', 'G  2']);
  });

  test('goes on below where it is too wide, with the names of its rows', () => {
    expect(textTable(columns, rows, { width: 22, indent: '  ' })).toEqual([
      '  scan     runs', //
      '  scan-1      8',
      '  s-2     1,200',
      '',
      '  scan    operator',
      '  scan-1  Zoë',
      '  s-2     𝔊erda M.',
    ]);
    expect(textTable(columns, rows, { width: 25, indent: '  ' })).toHaveLength(3);
    expect(textTable(columns, rows, { width: 1 })).toHaveLength(7); // at least one column beside the names
  });

  test('has no line of headings where there are none', () => {
    expect(textTable(['', ''], [['rows', '8']], { indent: '  ' })).toEqual(['  rows  8']);
    expect(textTable(columns, [])).toEqual([]);
  });
});
