import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/disk/folders.js';

it('every decision begins with its number and what was decided', () => {
  const folder = join(root, 'docs/decisions');
  const wrong = readdirSync(folder).filter((name) => {
    const [heading = ''] = readFileSync(join(folder, name), 'utf8').split('\n');
    return !/^\d{4}-[a-z0-9-]+\.md$/.test(name) || !new RegExp(`^# ${name.slice(0, 4)} \\S`).test(heading);
  });
  expect(wrong).toEqual([]);
});
