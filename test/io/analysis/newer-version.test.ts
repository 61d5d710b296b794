import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { versions } from '../../../src/analyses/versions.js';
import { makePlan } from '../../../src/domain/plan/make-plan.js';
import type { FileReference } from '../../../src/domain/scan/tasks.js';
import { compare } from '../../../src/io/analysis/compare.js';
import { findAnalysis } from '../../../src/io/analysis/find-module.js';
import { runAnalysis, type AnalysisRun } from '../../../src/io/analysis/run-analysis.js';
import { downstreamIn } from '../../../src/io/configuration/downstream.js';
import { freezeDaqProcedure } from '../../../src/io/configuration/frozen-procedure.js';
import { lineageOf } from '../../../src/io/configuration/lineage.js';
import { ManifestWriter } from '../../../src/io/output/manifest.js';
import { daqProcedure } from '../../support/plans/daq-procedure.js';
import { sha256Of } from '../../support/disk/scan-folder.js';
import { scanOutput } from '../../support/disk/scan-output.js';

const today = versions['pedestal_calibration'];
let output: string;
let folder: string;
let calibration: FileReference;
const logged: string[] = [];

beforeAll(async () => {
  output = await scanOutput();
  folder = join(output, 'pedestal_calibration');
  const path = join(folder, record().calibration.path);
  calibration = { path, sha256: sha256Of(path) };
});

interface RecordText {
  readonly key: { readonly code: string };
  readonly calibration: { readonly path: string };
  readonly again?: string;
}

function record(): RecordText {
  return JSON.parse(readFileSync(join(folder, 'analysis.json'), 'utf8')) as RecordText; // of ours
}

/** As if the analysis had had this version when it made what is there. */
function madeBy(version: number): void {
  const { key, ...rest } = record();
  const text = JSON.stringify({ ...rest, key: { ...key, code: `version ${version}` } });
  writeFileSync(join(folder, 'analysis.json'), text);
}

const task = (more: Partial<AnalysisRun> = {}): AnalysisRun => ({
  ...{ module: 'pedestal_calibration', folders: [], mode: 'summary', parameters: new Map(), outputDir: folder },
  inputs: [{ path: join(output, 'pedestal_scan.h5'), sha256: 'a'.repeat(64) }],
  downstream: downstreamIn(output),
  ...{ python: 'python3', timeLimit: 60, signal: new AbortController().signal },
  log: (text) => void logged.push(text),
  ...more,
});

async function look(more: Partial<AnalysisRun> = {}) {
  const { reason, note } = await compare(task(more), await findAnalysis('pedestal_calibration', []));
  return { reason, note };
}

/** A procedure of four runs as it is measured with calibrations; of run 3 the raw file is lost. */
async function measure(name: string, calibrations: readonly FileReference[], board?: string): Promise<void> {
  const axis = { kind: 'key', name: 'x', paths: [['daq', 'x']], values: [0, 1, 2, 3] } as const;
  const procedure = daqProcedure({ name, defaults: 'daq: {x: 0}', axes: [axis] });
  const lineage = calibrations.map((each) => lineageOf(output, each));
  await freezeDaqProcedure(join(output, name, 'procedure.yaml'), procedure, { origin: { board }, lineage });
  mkdirSync(join(output, name, 'raw'));
  const plan = makePlan(procedure, [], { board });
  const { writer } = await ManifestWriter.open(join(output, name));
  for (const run of [0, 1, 2, 3]) {
    const file = `raw/run_0000${run}.raw`;
    writeFileSync(join(output, name, file), 'abc');
    const { mtimeMs } = statSync(join(output, name, file));
    const counts = { bytes: 3, events: 1, truncatedBytes: 0, corruptHalves: 0, attempt: 1 };
    const times = { start: '2026-03-01T10:00:00.000Z', end: '2026-03-01T10:00:01.000Z' };
    writer.append({
      ...(board === undefined ? {} : { board }),
      run,
      key: plan.key(run),
      file,
      sha256: 'x',
      mtimeMs,
      ...counts,
      ...times,
    });
  }
  await writer.close();
  rmSync(join(output, name, 'raw/run_00003.raw'));
}

describe('an analysis that ships, newer than its results', () => {
  it('has results that hold while its version does, and those of a version to come', async () => {
    expect(record().key.code).toBe(`version ${today}`);
    expect(await look()).toEqual({});
    madeBy(today + 1);
    expect(await look()).toEqual({});
  });

  it('runs again where nothing was measured with its calibration', async () => {
    madeBy(today - 1);
    await measure('uncalibrated', []);
    await measure('otherwise', [{ ...calibration, sha256: 'f'.repeat(64) }]);
    expect(await look()).toEqual({ reason: 'the analysis is newer' });
  });

  it('stays in force where runs were measured with it, which are counted', async () => {
    madeBy(today - 1);
    await measure('trimmed', [calibration]);
    await measure('both', [{ path: join(output, 'other/o.yaml'), sha256: 'e'.repeat(64) }, calibration]);
    await measure('another_board', [calibration], 'B2');
    const remedy = '(--again pedestal_calibration runs it)';
    const note = `the analysis is newer: 6 runs downstream would be measured again ${remedy}`;
    expect(await look()).toEqual({ note });
    expect(await look({ downstream: downstreamIn(output, 'B2') })).toMatchObject({
      note: expect.stringContaining('newer: 3 runs downstream'),
    });
    const before = readFileSync(join(folder, 'analysis.json'), 'utf8');
    expect(await runAnalysis(task())).toMatchObject({ reused: true, note, calibration });
    expect(readFileSync(join(folder, 'analysis.json'), 'utf8')).toBe(before);
  });

  it('runs again all the same where its data changed', async () => {
    expect(await look({ inputs: [{ path: 'a.h5', sha256: 'b'.repeat(64) }] })).toEqual({ reason: 'its data changed' });
  });

  it('runs once for a scan that asks for it', async () => {
    madeBy(today - 1);
    const reason = 'it is asked for again: 6 runs downstream would be measured again where its calibration changes';
    expect(await look({ again: 'scan 1' })).toEqual({ reason });
    expect(await runAnalysis(task({ again: 'scan 1' }))).toMatchObject({ reused: false, calibration });
    expect(logged.at(-1)).toBe(`pedestal_calibration: ${reason}`);
    expect(record()).toMatchObject({ key: { code: `version ${today}` }, again: 'scan 1' });
    expect((await runAnalysis(task({ again: 'scan 1' }))).reused).toBe(true);
    expect(await look()).toEqual({});
    expect((await look({ again: 'scan 2' })).reason).toBe(reason);
  });
});
