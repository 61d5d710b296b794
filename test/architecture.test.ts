import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultFiles } from '../src/domain/analysis/outputs.js';
import { scanFiles } from '../src/domain/config/name.js';
import * as paths from '../src/io/output/paths.js';
import { root } from './support/disk/folders.js';
import { findRooms, findStrays, roomOf, roofs, roomsAsFiles } from './support/tools/rooms.js';
import {
  findCycle,
  reachable,
  readSources,
  type Import,
  type SourceFile,
  type Text,
} from './support/tools/source-files.js';

const files = readSources();

/** Prefixes of what the files below a folder may import: ours from `src/`, packages by their names. */
interface Rule {
  readonly folder: string;
  readonly own: readonly string[];
  readonly packages: readonly string[];
}

const names = ['workflows/names', 'workflows/messages'];

const rules: readonly Rule[] = [
  { folder: 'domain/', own: ['domain/'], packages: [] },
  { folder: 'io/', own: ['domain/', 'io/'], packages: ['*'] },
  { folder: 'simulator/', own: ['domain/', 'simulator/'], packages: ['node:', 'zeromq', 'bson'] },
  { folder: 'analyses/', own: ['domain/', 'analyses/'], packages: ['ml-levenberg-marquardt', 'ml-matrix'] },
  {
    folder: 'activities/',
    own: ['domain/', 'io/', 'activities/', ...names],
    packages: ['node:', '@temporalio/activity', '@temporalio/common', '@temporalio/client'],
  },
  {
    folder: 'workflows/',
    own: ['domain/', 'workflows/'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  { folder: 'workers/', own: ['domain/', 'io/', 'analyses/', 'activities/', 'workers/', ...names], packages: ['*'] },
  { folder: 'client/', own: ['domain/', 'io/', 'client/', 'analyses/', ...names], packages: ['*'] },
];

/** What a single file may import beyond its folder's rule. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  'io/analysis/hash': ['analyses/versions'],
  'io/analysis/hash-version-1': ['analyses/versions'],
  'client/commands/worker': ['workers/'],
  'client/commands/simulate': ['simulator/'],
};

/** Folders of the domain that may use these packages. */
const domainPackages: Readonly<Record<string, readonly string[]>> = {
  'domain/config/': ['zod', 'yaml', '@huggingface/jinja'],
};

function allowed(file: SourceFile, rule: Rule, { target, own, typeOnly }: Import): boolean {
  const extra = exceptions[file.name] ?? [];
  if (own) {
    if (file.name.startsWith('workflows/') && target.startsWith('activities/')) return typeOnly;
    return [...rule.own, ...extra].some((prefix) => target.startsWith(prefix));
  }
  const forFolder = Object.entries(domainPackages).flatMap(([folder, list]) =>
    file.name.startsWith(folder) ? list : [],
  );
  return [...rule.packages, ...forFolder].some((prefix) => prefix === '*' || target.startsWith(prefix));
}

describe('imports', () => {
  for (const rule of rules) {
    it(`of ${rule.folder} lead only where they may`, () => {
      const inside = files.filter((file) => file.name.startsWith(rule.folder));
      const wrong = inside.flatMap((file) =>
        file.imports.filter((each) => !allowed(file, rule, each)).map((each) => `${file.name} imports ${each.target}`),
      );
      expect(wrong).toEqual([]);
    });
  }

  it('have a rule for every file', () => {
    const without = files.filter((file) => !rules.some((rule) => file.name.startsWith(rule.folder)));
    expect(without.map((file) => file.name)).toEqual([]);
  });

  it('form no ring', () => {
    expect(findCycle(files)).toBeUndefined();
  });

  it('bring at most one third-party library into a file of io', () => {
    const wrong = files
      .filter((file) => file.name.startsWith('io/'))
      .map((file) => ({ name: file.name, libraries: libraries(file) }))
      .filter(({ libraries }) => libraries.length > 1);
    expect(wrong).toEqual([]);
  });
});

/** Packages that make up one library. */
const families = ['@temporalio/', 'vega'];

function libraries(file: SourceFile): string[] {
  const packages = file.imports.filter(({ own, target }) => !own && !target.startsWith('node:'));
  return [...new Set(packages.map(({ target }) => families.find((family) => target.startsWith(family)) ?? target))];
}

describe('rooms', () => {
  const rooms = findRooms(files);

  it('have one door each, whose opening comment says what lives there and what it may use', () => {
    const wrong = rooms.filter(({ doors }) => doors.length !== 1);
    expect(wrong.map(({ name, doors }) => `src/${name} has ${doors.length} doors: ${doors.join(', ')}`)).toEqual([]);
  });

  for (const room of rooms) {
    it(`${room.name} uses only what its door names`, () => {
      expect(findStrays(room)).toEqual([]);
    });
  }

  it('name no room at their doors that is not used', () => {
    const unused = rooms.flatMap((room) => {
      const used = room.files.flatMap((file) => file.imports.filter((each) => each.own)).map((each) => each.target);
      const idle = room.mayUse.filter(
        (name) => !used.some((target) => roomOf(target).startsWith(name.replace('/*', ''))),
      );
      return idle.map((name) => `${room.name} does not use ${name}`);
    });
    expect(unused).toEqual([]);
  });

  it('form no ring', () => {
    expect(findCycle(roomsAsFiles(rooms))).toBeUndefined();
  });

  it('have roofs that nothing imports', () => {
    const importers = files.filter(
      (file) => !roofs.has(file.name) && file.imports.some((each) => roofs.has(each.target)),
    );
    expect(importers.map((file) => file.name)).toEqual([]);
  });

  it('stay small enough to be looked through', () => {
    const unlimited = ['client/commands', 'io/hdf5'];
    const full = rooms.filter(({ name, files }) => files.length > 16 && !unlimited.includes(name));
    expect(full.map(({ name, files }) => `${name}: ${files.length} files`)).toEqual([]);
  });
});

describe('names of files in an output folder', () => {
  const homes = ['io/output/paths', 'domain/config/name', 'domain/analysis/outputs'];
  /** What other files may name, too. */
  const exceptions: Readonly<Record<string, readonly string[]>> = {
    // help of the command line
    'client/commands': ['report.html'],
    'client/commands/report': ['report.html'],
    'client/commands/run': ['.old'],
    // for people; workflows know no folder
    'workflows/yard/close-scan': ['report.html'],
    // other folders: the daq client's, a temporary one
    'io/stand/hexaboard/client-files': ['.raw'],
    'io/merge/unpack': ['.part'],
  };
  const whole = [scanFiles, resultFiles, paths].flatMap((names) => Object.values<unknown>(names));
  const names = whole.filter((name) => typeof name === 'string');
  const distinct = [...names.filter((name) => name.includes('.')), '.raw', '.chips.yaml', '.part', '.h5', 'superseded'];

  /** What a text names; folders are common words, and count as pieces of a path only. */
  function namesIn({ text, joined }: Text): string[] {
    return [...distinct.filter((name) => text.includes(name)), ...names.filter((name) => joined && text === name)];
  }

  it('stand in one place each', () => {
    const others = files.filter(({ name }) => !homes.includes(name) && !name.startsWith('simulator/'));
    const wrong = others.flatMap(({ name, texts }) => {
      const found = texts.flatMap(namesIn).filter((each) => !exceptions[name]?.includes(each));
      return found.map((each) => `${name} names ${each}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe('domain', () => {
  it('knows neither clock nor chance nor the machine', () => {
    const forbidden = ['Date', 'performance', 'process', 'crypto', 'fetch', 'console', 'setTimeout', 'setInterval'];
    const domain = files.filter((file) => file.name.startsWith('domain/'));
    const wrong = domain.flatMap((file) =>
      forbidden.filter((name) => file.globals.has(name)).map((name) => `${file.name} uses ${name}`),
    );
    expect(wrong).toEqual([]);
    const random = domain.filter((file) => readSource(file).includes('Math.random'));
    expect(random.map((file) => file.name)).toEqual([]);
  });
});

describe('workflows', () => {
  const heavy = ['zod', 'yaml', '@huggingface/jinja', 'h5wasm', 'zeromq'];

  it('reach no library that costs memory for every cached workflow', () => {
    const reached = files
      .filter((file) => file.name.startsWith('workflows/'))
      .flatMap((file) => [...reachable(file.name, files)].filter((name) => heavy.includes(name)));
    expect(reached).toEqual([]);
  });

  it('are bundled without them', () => {
    const bundle = readFileSync(join(root, 'dist', 'workflow-bundle.js'), 'utf8');
    const found = heavy.filter((name) => bundle.includes(`node_modules/${name}/`));
    expect(found).toEqual([]);
    expect(bundle).toContain('node_modules/@temporalio/'); // else this would look for the wrong text
  });
});

describe('files', () => {
  it('stay short enough to be read at a sitting', () => {
    const long = files.filter((file) => file.lines > 250).map((file) => `${file.name}: ${file.lines} lines`);
    expect(long).toEqual([]);
  });

  it('leave it to one of them to know where the package lies', () => {
    const knowing = files.filter((file) => readSource(file).includes('import.meta.url')).map((file) => file.name);
    expect(knowing).toEqual(['io/compiled', 'io/plot/fonts']); // the fonts are another package's
  });

  it('have names in kebab-case', () => {
    expect(files.map((file) => file.name).filter((name) => !/^[a-z0-9/-]+$/.test(name))).toEqual([]);
  });
});

function readSource(file: SourceFile): string {
  return readFileSync(join(root, 'src', `${file.name}.ts`), 'utf8');
}
