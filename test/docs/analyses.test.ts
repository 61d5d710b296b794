import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shippedParameters } from '../../src/domain/analysis/shipped.js';
import * as analyses from '../../src/analyses/index.js';
import { root } from '../support/disk/folders.js';
import { parameterTable } from '../support/tools/parameter-table.js';

const page = join(root, 'docs', 'analyses.md');
const block = /(<!-- parameters of (\w+) -->\n)[\s\S]*?(<!-- end -->)/g;

test('docs/analyses.md has the parameters that the analyses declare', () => {
  const text = readFileSync(page, 'utf8');
  const made = text.replace(block, (_, start: string, name: keyof typeof shippedParameters, end: string) => {
    return `${start}\n${parameterTable(shippedParameters[name])}\n\n${end}`;
  });
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(page, made);
  expect(readFileSync(page, 'utf8')).toBe(made);
});

test('it has a chapter for every analysis that ships, and each declares its parameters', () => {
  const names = Object.keys(analyses).sort();
  expect(Object.keys(shippedParameters).sort()).toEqual(names);
  const text = readFileSync(page, 'utf8');
  expect([...text.matchAll(block)].map(([, , name]) => name).sort()).toEqual(names);
  for (const name of names) expect(text).toContain(`| \`${name}\` |`);
});
