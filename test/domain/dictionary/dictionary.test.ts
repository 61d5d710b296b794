import { describe, expect, it } from 'vitest';
import { dictionary, explain, suggestedName } from '../../../src/domain/dictionary/dictionary.js';
import { eventColumnNames, summaryColumnNames } from '../../../src/domain/hgcroc/columns.js';

describe('the dictionary', () => {
  it('has a meaning for every measured column', () => {
    for (const name of [...eventColumnNames, ...summaryColumnNames]) {
      const columns = explain(name).filter(({ where }) => where.startsWith('column'));
      expect(columns.length, name).toBeGreaterThan(0);
      for (const { meaning } of columns) expect(meaning, name).not.toMatch(/^$|undefined/);
    }
  });

  it('tells the modes of a column apart, and the blocks of a register', () => {
    expect(explain('chip').map(({ where }) => where)).toEqual(['column, mode summary', 'column, mode full']);
    expect(explain('Trim_Inv').map(({ where }) => where)).toContain('register of ch 0–71');
    expect(explain('EN_REF_BG').length).toBe(2);
  });

  it('knows states, and what was meant by a misspelt name', () => {
    expect(explain('asking')[0]).toMatchObject({ where: 'state' });
    expect(explain('nothing_of_that_name')).toEqual([]);
    expect(suggestedName('toa_efficency')).toBe(`did you mean 'toa_efficiency'?`);
    expect(dictionary().every(({ name }) => name !== '')).toBe(true);
  });
});
