import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Mode } from '../../../src/domain/config/procedure.js';
import type { TableSchema } from '../../../src/domain/table/schema.js';
import { packRow } from '../../../src/io/hdf5/pack-row.js';
import { TableFileWriter } from '../../../src/io/hdf5/table-file-writer.js';
import { root, temporaryFolder } from '../../support/disk/folders.js';
import { analysisBench } from '../../support/plans/run-analysis.js';
import { pythonTool } from '../../support/tools/python-tool.js';
import { needsPython, noPython, python, runPython } from '../../support/tools/python.js';

/**
 * Analyses as labs write them, run by our worker's own call and by the Python tool's code (its import of the class, its
 * reading of tables), with the same packages, on the same tables: the same files must come of it.
 */
const analyses = join(root, 'test/fixtures/lab-analyses/lab');
const jobs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  pedestals: { offset: 12.5 },
  gains: { dac: 'Calib' },
  heatmap: {},
  parallel: {},
  histograms: {},
  thresholds: { level: 250 },
  common_mode: {},
  masks: { noisy: 1.2 },
  overview: { chips: [0, 2] },
  export: { key: 'lab' },
};

/** Rows of a run: 3 chips of 72 channels, in mode full (one value of the half) 8 events of them. */
function rowsOf(mode: Mode, run: number): number[][] {
  const rows: number[][] = [];
  for (let event = 0; event < (mode === 'full' ? 8 : 1); event++) {
    for (let place = 0; place < 3 * 72; place++) {
      const [chip, channel] = [Math.floor(place / 72), place % 72];
      const scatter = Math.sin(event * 7.1 + place * 3.3 + run) * (channel === 30 ? 25 : 3);
      const adc = 200 + channel / 2 + 20 * chip + 40 * run + scatter;
      rows.push([event, chip, channel, mode === 'full' ? Math.round(adc) : adc, 128 * run]);
    }
  }
  return rows;
}

async function writeRuns(path: string, mode: Mode, runs: readonly number[]): Promise<string> {
  const schema: TableSchema = {
    columns: [
      { name: 'event', type: 'i32' },
      { name: 'chip', type: 'i32' },
      { name: 'channel', type: 'i16' },
      mode === 'full' ? { name: 'adc', type: 'i32' } : { name: 'adc_mean', type: 'f32' },
      { name: 'Calib', type: 'i16' },
    ],
  };
  mkdirSync(dirname(path), { recursive: true });
  const about = { procedure: 'scan', mode, configuration: '{}', software: 'test', axes: [] };
  const writer = await TableFileWriter.create(path, schema, about);
  for (const run of runs) {
    const sha256 = '0'.repeat(64);
    await writer.beginRun({ run, patch: '{}', events: 8, truncatedBytes: 0, corruptHalves: 0, sha256 });
    for (const row of rowsOf(mode, run)) await writer.append(packRow(schema, row));
  }
  await writer.finish();
  return path;
}

/** Folder of the Python tool's package; empty where it cannot be installed. */
function predecessor(): string {
  const folder = pythonTool();
  if (folder === '') return '';
  const script = 'import sysconfig; print(sysconfig.get_path("purelib"))';
  const found = execFileSync(join(folder, 'bin/python'), ['-c', script], { encoding: 'utf8' });
  return join(found.trim(), 'datenraffinerie');
}

const tool = noPython ? '' : predecessor();
const missing = noPython ? needsPython : tool === '' ? ' (skipped: the Python tool cannot be installed)' : '';

describe.skipIf(missing !== '').each(['summary', 'full'] as const)(
  `analyses as labs write them, in mode %s, as under the Python tool${missing}`,
  (mode) => {
    const runs = [0, 1, 2, 3];
    const folder = temporaryFolder();
    let table: string;

    beforeAll(async () => {
      table = await writeRuns(join(folder, 'scan.h5'), mode, runs);
      const each = runs.map((run) => writeRuns(join(folder, `run_${run}.h5`), mode, [run]));
      const tables = mode === 'full' ? await Promise.all(each) : [table];
      const theirs = Object.entries(jobs).map(([name, parameters]) => {
        return { name, parameters, tables, full: mode === 'full', output: join(folder, 'theirs', name) };
      });
      const script = join(root, 'test/support/plans/predecessor_analyses.py');
      execFileSync(String(python), [script, tool, analyses, JSON.stringify(theirs)], { stdio: 'pipe' });
    }, 300_000);

    test.each(Object.keys(jobs))('%s', async (module) => {
      const bench = await analysisBench();
      await bench.run({
        module,
        mode,
        folders: [analyses],
        inputs: [{ path: table, sha256: 'of the table' }],
        parameters: new Map(Object.entries(jobs[module])) as ReadonlyMap<string, number>,
      });
      const theirs = contentOf(join(folder, 'theirs', module));
      expect(theirs.size).toBeGreaterThan(0);
      const ours = contentOf(bench.outputDir);
      for (const ownFile of ['stdout.log', 'stderr.log', 'analysis.json']) ours.delete(ownFile);
      expect(ours).toEqual(theirs);
    });
  },
);

/** Tables and texts by their content, pictures by whether there is something in them. */
function contentOf(folder: string): Map<string, unknown> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return new Map(
    files
      .filter((path) => statSync(path).isFile())
      .map((path) => [relative(folder, path), /\.(png|pdf)$/.test(path) ? isPicture(path) : tableOrText(path)]),
  );
}

function isPicture(path: string): boolean {
  return /^(\x89PNG|%PDF)/.test(readFileSync(path, 'latin1')) && statSync(path).size > 2000;
}

function tableOrText(path: string): unknown {
  if (!path.endsWith('.h5')) return readFileSync(path).toString('base64');
  return runPython('import json, sys, pandas; print(pandas.read_hdf(sys.argv[1]).to_json())', path);
}
