import { describe, expect, it } from 'vitest';
import { commands } from '../../src/client/commands.js';
import { missingHeadings, missingPaths, readText } from '../support/tools/markdown.js';

const page = 'CONTRIBUTING.md';
const text = readText(page);

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
}

/** What follows `words` in code, a word each. */
function wordsAfter(words: string): string[] {
  const code = [...text.matchAll(/```sh\n([^]*?)```|`([^`]+)`/g)].map(([, block, inline]) => block ?? inline);
  return code.flatMap((each) => [...each.matchAll(new RegExp(`${words} ([\\w:-]+)`, 'g'))].map(([, word]) => word));
}

describe('CONTRIBUTING.md', () => {
  it('names only scripts that package.json has, and only commands that there are', () => {
    const { scripts } = JSON.parse(readText('package.json')) as Package;
    const run = wordsAfter('npm run');
    expect(run.length).toBeGreaterThan(5);
    expect(run.filter((script) => !(script in scripts))).toEqual([]);
    const asked = wordsAfter('npx datenraffinerie');
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.filter((name) => !commands.some((command) => command.name === name))).toEqual([]);
  });

  it('says of lint what it does', () => {
    const { scripts } = JSON.parse(readText('package.json')) as Package;
    const [, said = ''] = /npm run lint +# (.*)/.exec(text) ?? [];
    const tools = { ESLint: 'eslint', Prettier: 'prettier', 'type checker': 'tsc', knip: 'knip' };
    const named = Object.entries(tools).filter(([name]) => said.includes(name));
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter(([, command]) => !scripts['lint'].includes(command))).toEqual([]);
  });

  it('names no file, folder or heading that is not there', () => {
    const placeholders = /\/(X\.Y\.Z|mine)\//;
    expect(missingPaths(page).filter((path) => !placeholders.test(path))).toEqual([]);
    expect(missingHeadings(page)).toEqual([]);
  });

  it('is reached from README', () => {
    expect(readText('README.md')).toContain('](CONTRIBUTING.md)');
  });
});
