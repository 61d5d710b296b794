import { describe, expect, it } from 'vitest';
import { missingHeadings, missingPaths, readText } from '../support/tools/markdown.js';
import { findRooms } from '../support/tools/rooms.js';
import { readSources } from '../support/tools/source-files.js';

const map = 'docs/architecture.md';

/** Rooms as the code map has them: name, door and what stays true in it. */
const mapped = [
  ...readText(map).matchAll(
    /^- \*\*`src(?:\/([^`]*))?`\*\* \(door `src\/(\S+)\.ts`\): .+ \*\*Invariant:\*\* \S+ .+\.$/gm,
  ),
];

describe('docs/architecture.md', () => {
  const rooms = findRooms(readSources());

  it('has every room of src in its code map, with its door and an invariant', () => {
    const told = mapped.map(([, name, door]) => ({ name, doors: [door] }));
    const found = rooms.map(({ name, doors }) => ({ name, doors }));
    const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
    expect(told.sort(byName)).toEqual(found.sort(byName));
  });

  it('names no file, folder or heading that is not there', () => {
    expect(missingPaths(map)).toEqual([]);
    expect(missingHeadings(map)).toEqual([]);
  });

  it('is reached from README', () => {
    expect(readText('README.md')).toContain('](docs/architecture.md)');
  });
});
