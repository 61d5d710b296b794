import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { bytesText } from '../../src/domain/quantities.js';
import { makePlan } from '../../src/domain/plan/make-plan.js';
import { previewProcedures } from '../../src/domain/plan/preview.js';
import type { DaqProcedure } from '../../src/domain/config/procedure.js';
import { Manifest, ManifestWriter } from '../../src/io/output/manifest.js';
import type * as OutputFolder from '../../src/io/output/output-folder.js';
import { previewOf } from '../../src/io/output/reuse-preview.js';
import { spaceProblem } from '../../src/io/output/space.js';
import { daqProcedure } from '../support/plans/daq-procedure.js';
import { temporaryFolder } from '../support/disk/folders.js';

const disk = vi.hoisted(() => ({ free: 0 }));
vi.mock('../../src/io/output/output-folder.js', async (original) => ({
  ...(await original<typeof OutputFolder>()),
  freeBytes: () => Promise.resolve(disk.free),
}));

const reserve = 64 << 20;
const axis = {
  kind: 'key',
  name: 'x',
  paths: [['daq', 'x']],
  values: Array.from({ length: 100 }, (_, x) => x),
} as const;
const menu = 'active_menu: calibAndL1A, menus: {calibAndL1A: {NEvents: 100000}}';
const procedure: DaqProcedure = daqProcedure({
  defaults: `{target: {roc_s0: {Top: {0: {phase_ck: 1}}}}, daq: {x: 0, ${menu}}}`,
  axes: [axis],
});
const plan = makePlan(procedure);
const planned = { name: 'scan', procedure: 'scan', type: 'daq', dependsOn: [], calibrations: [], reason: '' } as const;

/** A folder in which these runs of the plan were measured, 1000 bytes each. */
async function measured(output: string, runs: readonly number[]): Promise<string> {
  const folder = join(output, 'scan');
  mkdirSync(join(folder, 'raw'), { recursive: true });
  const { writer } = await ManifestWriter.open(folder);
  for (const run of runs) {
    const file = `raw/run_${run}.raw`;
    writeFileSync(join(folder, file), Buffer.alloc(1000));
    const { mtimeMs } = statSync(join(folder, file));
    const facts = { run, key: plan.key(run), file, bytes: 1000, mtimeMs, sha256: 'x', attempt: 1, events: 1 };
    const times = { start: '2026-01-01T00:00:00.000Z', end: '2026-01-01T00:00:02.000Z' };
    writer.append({ ...facts, ...times, truncatedBytes: 0, corruptHalves: 0 });
  }
  await writer.close();
  return folder;
}

async function withManifest<T>(folder: string, act: (manifest: Manifest) => Promise<T>): Promise<T> {
  const manifest = await Manifest.open(folder);
  try {
    return await act(manifest);
  } finally {
    await manifest.close();
  }
}

async function planOf(output: string): Promise<number> {
  const configuration = { procedures: new Map([['scan', procedure]]) };
  const [entry] = await previewProcedures(configuration, [planned], { reuse: previewOf(output) });
  return entry?.estimate?.bytes ?? NaN;
}

test('room is wanted for the runs that plan tells of, as it expects them', async () => {
  const output = temporaryFolder();
  const folder = await measured(output, []);
  const toCome = await planOf(output);
  await withManifest(folder, async (manifest) => {
    disk.free = 1.2 * toCome + reserve;
    expect(await spaceProblem(plan, manifest, 0)).toBeUndefined();
    disk.free -= 1;
    const text = `disk space: ${bytesText(disk.free)} are still to come, ${bytesText(disk.free)} are free`;
    expect(await spaceProblem(plan, manifest, 0)).toContain(text);
  });
});

test('what is reused needs none, wherever it lies', async () => {
  const output = temporaryFolder();
  const there = [0, 1, ...Array.from({ length: 96 }, (_, run) => 3 + run)];
  const folder = await measured(output, there);
  expect(await planOf(output)).toBe(2 * 1000); // runs 2 and 99
  await withManifest(folder, async (manifest) => {
    disk.free = 1.2 * 2 * 1000 + reserve;
    expect(await spaceProblem(plan, manifest, 2)).toBeUndefined();
    disk.free -= 1;
    expect(await spaceProblem(plan, manifest, 2)).toMatch(/^disk space/);
  });
});
