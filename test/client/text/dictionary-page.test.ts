import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../support/disk/folders.js';
import { dictionaryPage } from '../../support/tools/dictionary-page.js';

const page = join(root, 'docs', 'dictionary.md');

test('docs/dictionary.md is what the program knows', () => {
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(page, dictionaryPage());
  expect(readFileSync(page, 'utf8')).toBe(dictionaryPage());
});
