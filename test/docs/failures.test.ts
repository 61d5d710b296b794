import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/disk/folders.js';

const text = (path: string): string => readFileSync(join(root, path), 'utf8');

it('docs/failures.md tells of every class of failure, and of no other', () => {
  const [, union] = /export type ErrorType =([^;]*);/.exec(text('src/domain/errors.ts')) ?? [];
  const classes = [...(union ?? '').matchAll(/\| '(\w+)'/g)].map(([, name]) => name);
  const rows = [...text('docs/failures.md').matchAll(/^\| (`\w+Error`(?:, `\w+Error`)*) \|/gm)];
  const told = rows.flatMap(([, names]) => [...(names ?? '').matchAll(/\w+/g)].map(([name]) => name));
  expect(classes).toContain('ConfigError');
  expect(told.sort()).toEqual(classes.sort());
});
