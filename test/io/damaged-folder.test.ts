import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../../src/domain/plan/make-plan.js';
import type { ScanPlan } from '../../src/domain/plan/plan.js';
import { DatenraffinerieError } from '../../src/domain/errors.js';
import { thawDaqProcedure } from '../../src/domain/config/reading/freeze.js';
import { compare } from '../../src/io/analysis/compare.js';
import { findAnalysis } from '../../src/io/analysis/find-module.js';
import { Manifest } from '../../src/io/output/manifest.js';
import { previewOf } from '../../src/io/output/reuse-preview.js';
import { writeReport } from '../../src/io/report/write-report.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { contentsOf, restoreFixture } from '../support/disk/output-fixture.js';
import { runCli } from '../support/temporal/cli.js';
import { chooseBy, type Chooser } from '../support/driver/moves.js';

// Whatever a power cut, an editor or another program has made of the files of an output folder: reading it ends, soon,
// and costs neither memory nor a raw file.
const mutations = Number(process.env['DATENRAFFINERIE_FUZZ'] ?? 500) / 10;
const daq = 'pedestal_scan';
const analysis = 'pedestal_calibration';
let whole: string;
let plan: ScanPlan;

beforeAll(() => {
  whole = join(restoreFixture('2.0.0'), 'no-board');
  plan = makePlan(thawDaqProcedure(readFileSync(join(whole, daq, 'procedure.yaml'), 'utf8')));
});

function copy(): string {
  const folder = join(temporaryFolder(), 'out');
  cpSync(whole, folder, { recursive: true, preserveTimestamps: true });
  return folder;
}

/** What may be found in the place of a value. */
const values = ['3000000000', '-1', '1e400', 'null', '"../../x"', '"\\u0000"', '[]', '{}', '"x"', '1.5', 'true'];

const ways: readonly ((path: string, choose: Chooser) => void)[] = [
  (path, choose) => truncateSync(path, choose(statSync(path).size + 1)),
  (path) => truncateSync(path, 0),
  (path, choose) => {
    const bytes = readFileSync(path);
    for (let n = 0; n < 3 && bytes.length > 0; n++) bytes[choose(bytes.length)] ^= 1 << choose(8);
    writeFileSync(path, bytes);
  },
  (path) => writeFileSync(path, `\uFEFF${readFileSync(path, 'utf8')}`),
  (path) => writeFileSync(path, readFileSync(path, 'utf8').replaceAll('\n', '\r\n')),
  (path, choose) => writeFileSync(path, readFileSync(path, 'utf8').repeat(2 + choose(3))),
  (path, choose) => {
    const fields = readFileSync(path, 'utf8').split(/(?<=":\s?)/);
    const at = choose(fields.length);
    fields[at] = fields[at].replace(/^("[^"]*"|-?[\d.]+|null|\[\]|true|false)/, values[choose(values.length)]);
    writeFileSync(path, fields.join(''));
  },
  (path, choose) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(choose(3_000_000), 'a')])),
  (path) => replace(path, () => execFileSync('mkfifo', [path])),
  (path) => replace(path, () => symlinkSync('/dev/zero', path)),
  (path) => replace(path, () => symlinkSync(path, path)),
  (path) => replace(path, () => mkdirSync(path)),
];

function replace(path: string, make: () => unknown): void {
  rmSync(path);
  make();
}

/** Reads all that plan, scan and report read; only what we say ourselves may be thrown, and by the plan alone. */
async function readAll(folder: string): Promise<void> {
  const entry = { name: daq, procedure: daq, type: 'daq', dependsOn: [], calibrations: [], reason: '' } as const;
  await previewOf(folder)(entry, plan).catch(ours);
  const found = await findAnalysis(analysis, []);
  const inputs = [{ path: join(folder, `${daq}.h5`), sha256: 'x' }];
  await compare(
    {
      module: analysis,
      folders: [],
      inputs,
      mode: 'summary',
      parameters: new Map(),
      outputDir: join(folder, analysis),
    },
    found,
  ).catch(ours);
  await writeReport(folder);
}

function ours(error: unknown): void {
  if (!(error instanceof DatenraffinerieError || (error instanceof Error && 'syscall' in error))) throw error;
}

const files = [
  `${daq}/manifest.jsonl`,
  `${daq}/provenance.json`,
  `${daq}/procedure.yaml`,
  `${analysis}/analysis.json`,
  `${analysis}/stderr.log`,
  'owner.json',
  'full-calibration.yaml',
];

describe.each(files)('%s', (name) => {
  it(`is read, however damaged: ${mutations} times`, { timeout: 300_000 }, async () => {
    for (let seed = 0; seed < mutations; seed++) {
      const folder = copy();
      const choose = chooseBy(seed);
      const way = seed % ways.length;
      ways[way](join(folder, name), choose);
      const raw = contentsOf(join(folder, daq, 'raw'));
      const before = process.memoryUsage().rss;
      try {
        await readAll(folder);
      } catch (error) {
        throw new Error(`mutation ${way} by seed ${seed}`, { cause: error });
      }
      expect(process.memoryUsage().rss - before, `memory, mutation ${way} by seed ${seed}`).toBeLessThan(500e6);
      expect(contentsOf(join(folder, daq, 'raw'))).toEqual(raw);
      rmSync(folder, { recursive: true });
    }
  });
});

it(
  'ten of them through the command line: no crash, no trace, and the report is made',
  { timeout: 120_000 },
  async () => {
    for (let seed = 0; seed < 10; seed++) {
      const folder = copy();
      ways[seed % ways.length](join(folder, files[seed % files.length]), chooseBy(seed));
      for (const words of [
        ['report', folder],
        ['doctor', '--output', folder, '--json'],
      ]) {
        const { code, stderr } = await runCli(words, {
          env: { ...process.env, TEMPORAL_ADDRESS: '127.0.0.1:1' },
        });
        expect(code, `seed ${seed}: ${words[0]}`).not.toBeNull();
        expect(stderr, `seed ${seed}: ${words[0]}`).not.toMatch(/unexpected error|^\s+at /m);
        if (words[0] === 'report') expect(code, `seed ${seed}: ${stderr}`).toBe(0);
      }
    }
  },
);

it('a line of a run far beyond all others, or of a file elsewhere, is left out or costs nothing', async () => {
  const folder = copy();
  const path = join(folder, daq, 'manifest.jsonl');
  const [line] = readFileSync(path, 'utf8').split('\n');
  const odd = (change: object): string => `${JSON.stringify({ ...(JSON.parse(line) as object), ...change })}\n`;
  const more = [
    odd({ run: 3e9 }),
    odd({ run: 999_999_999 }),
    odd({ run: 5, file: '../../x.raw' }),
    'x'.repeat(3e6),
    '\n',
  ];
  writeFileSync(path, readFileSync(path, 'utf8') + more.join(''));
  const manifest = await Manifest.open(join(folder, daq));
  expect(manifest.warnings).toHaveLength(3);
  expect(manifest.warnings[0]).toMatch(/manifest\.jsonl:\d+: unreadable line left out$/);
  expect([...manifest.numbers()].at(-1)).toBe(999_999_999);
  await manifest.close();
  expect(readdirSync(join(folder, daq, 'raw')).length).toBeGreaterThan(0);
});
