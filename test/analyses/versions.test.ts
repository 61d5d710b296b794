import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import * as shipped from '../../src/analyses/index.js';
import { versions } from '../../src/analyses/versions.js';
import { root } from '../support/disk/folders.js';
import { reachable, readSources } from '../support/tools/source-files.js';

const fixture = join(root, 'test/fixtures/analysis-versions.json');
const advice = `The code of an analysis that ships is another one than before. Where it gives other results now, raise its
version in src/analyses/versions.ts: finished analyses are then run again. In any case write
test/fixtures/analysis-versions.json anew: UPDATE_FIXTURES=1 npx vitest run test/analyses/versions.test.ts`;

const code = (name: string): string => readFileSync(join(root, 'src', `${name}.ts`), 'utf8');

/** What a file does: without types, comments, layout and the places of what it imports. */
function essence(name: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, removeComments: true };
  const { outputText } = ts.transpileModule(code(name), { compilerOptions });
  return createHash('sha256')
    .update(outputText.replaceAll(/^import .*$/gm, ''))
    .digest('hex');
}

it('every analysis that ships has a version', () => {
  expect(Object.keys(versions).sort()).toEqual(Object.keys(shipped).sort());
});

it('whoever changes an analysis that ships decides whether its version rises', () => {
  const files = readSources();
  const parts = files.map(({ name }) => name).filter((name) => name.startsWith('analyses/'));
  const essences = new Map(parts.map((name) => [name, essence(name)]));
  const places = [...code('analyses/index').matchAll(/\w+ as (\w+) } from '\.\/([\w-]+)\.js'/g)];
  const now = places.map(([, name, file]): [string, object] => {
    const used = [...reachable(`analyses/${file}`, files)].sort().map((part) => essences.get(part) ?? '');
    const hash = createHash('sha256').update(used.join('\n')).digest('hex');
    return [name, { version: versions[name], code: hash.slice(0, 16) }];
  });
  expect(places).toHaveLength(Object.keys(versions).length);
  const text = `${JSON.stringify(Object.fromEntries(now), null, 2)}\n`;
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(fixture, text);
  expect(Object.fromEntries(now), advice).toEqual(JSON.parse(readFileSync(fixture, 'utf8')));
});
