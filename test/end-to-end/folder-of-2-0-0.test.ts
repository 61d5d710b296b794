import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ScanPlan } from '../../src/domain/plan/plan.js';
import { makePlan } from '../../src/domain/plan/make-plan.js';
import { orderProcedures } from '../../src/domain/plan/order.js';
import { readConfiguration, readSource } from '../../src/io/configuration/config-reader.js';
import { loadDaqProcedure } from '../../src/io/configuration/frozen-procedure.js';
import { TableFile } from '../../src/io/hdf5/read-table.js';
import type { ConfigMap } from '../../src/domain/config/value.js';
import type { ScanProgress } from '../../src/workflows/messages.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { contentsOf, keptScans, restoreFixture, type KeptScan } from '../support/disk/output-fixture.js';
import { manifestLines, sha256Of } from '../support/disk/scan-folder.js';
import { withServer } from '../support/temporal/server.js';

/**
 * Output folders that 2.0.0 has left go on: nothing of them is measured, merged or analysed again. There is no daq
 * worker, nobody listens where the network file leads, and there is no such Python.
 */
const server = withServer();
const scans = keptScans('2.0.0');
let folder: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = restoreFixture('2.0.0');
  environment = { ...server.environment, DATENRAFFINERIE_ANALYSES: join(folder, 'user', 'analyses') };
  const roles = ['workflow', 'processing', 'analysis'];
  const worker = startCli(['worker', ...roles, '--python', '/nowhere/python3'], { env: environment });
  await worker.waitForLine(/^ready/);
});

const command = (...words: string[]) => runCli(words, { env: environment, cwd: folder });

/** The options of a scan that `names` has. */
function options(scan: KeptScan, names: readonly string[]): string[] {
  return Object.entries(scan.options).flatMap(([name, value]) => (names.includes(name) ? [`--${name}`, value] : []));
}

interface PlannedProcedure {
  readonly name: string;
  readonly count: number;
  readonly reused: number;
  readonly reasons: readonly string[];
}

describe('a folder of 2.0.0', () => {
  test.each(scans)('has the run keys that are made today: $output', async (scan) => {
    const { board, calibration } = scan.options;
    const configuration = await readConfiguration(join(folder, 'user', 'main.yaml'));
    const external = calibration === undefined ? [] : [await fragment(join(folder, calibration))];
    for (const { name, procedure, calibrations } of orderProcedures(configuration, scan.procedures)) {
      const settings = configuration.procedures.get(procedure);
      if (settings?.type !== 'daq') continue;
      const made = calibrations.map((each) => fragment(join(folder, scan.output, each, `${each}.yaml`)));
      const planned = makePlan(settings, [...external, ...(await Promise.all(made))], { board });
      const frozen = join(folder, scan.output, name, 'procedure.yaml');
      const { plan } = await loadDaqProcedure({ path: frozen, sha256: sha256Of(frozen) }, { board });
      const measured = manifestLines(join(folder, scan.output), name).map(({ run, key }) => [run, key]);
      expect(keysOf(planned)).toEqual(measured);
      expect(keysOf(plan)).toEqual(measured);
    }
  });

  test.each(scans)('is reused as a whole, says plan: $output', async (scan) => {
    const given = options(scan, ['board', 'calibration']);
    const words = ['plan', 'user/main.yaml', ...scan.procedures, ...given, '--output', scan.output, '--json'];
    const { code, stdout } = await command(...words);
    expect(code).toBe(0);
    const { procedures } = JSON.parse(stdout) as { procedures: PlannedProcedure[] };
    // a calibration that runs were measured with stays in force, however new its analysis is
    const isKept = (reason: string) =>
      /^the analysis is newer: \d+ runs downstream would be measured again/.test(reason);
    const reused = procedures.map(({ name, reused, reasons }) => {
      return { name, reused, reasons: reasons.filter((reason) => !isKept(reason)) };
    });
    expect(reused).toEqual(procedures.map(({ name, count }) => ({ name, reused: count, reasons: [] })));
  });

  // each waits some seconds for a daq worker
  test.concurrent.each(scans)('has nothing measured, merged or analysed again by run: $output', async (scan) => {
    const { output, procedures } = scan;
    const before = kept(contentsOf(join(folder, output)));
    const given = options(scan, ['board', 'calibration', 'comment', 'operator']);
    const where = ['--output', output, '--network', 'user/network.yaml', '--id', output];
    const { code, stderr } = await command('run', 'user/main.yaml', ...procedures, ...given, ...where);
    expect(code, stderr).toBe(0);
    const progress = JSON.parse((await command('status', output, '--json')).stdout) as ScanProgress;
    expect(progress.phase).toBe('done');
    const done = progress.procedures.map(({ name, state, reused }) => ({ name, state, reused }));
    expect(done).toEqual(progress.procedures.map(({ name, runs }) => ({ name, state: 'done', reused: runs })));
    expect(kept(contentsOf(join(folder, output)))).toEqual(before);
  });

  test('has a table made with signed integers where it is asked for, of the raw files that are there', async () => {
    cpSync(join(folder, 'dashed-board'), join(folder, 'asked'), { recursive: true, preserveTimestamps: true });
    const table = join(folder, 'asked', 'injection_scan.h5');
    const old = await typesOf(table);
    expect([...old.values()]).toContain('u8');
    rmSync(table);
    const where = ['--output', 'asked', '--network', 'user/network.yaml', '--id', 'asked'];
    const board = ['--board', '320-XL-F4D-QR-00332'];
    const { code, stderr } = await command('run', 'user/main.yaml', 'injection_scan', ...board, ...where);
    expect(code, stderr).toBe(0);
    const types = await typesOf(table);
    expect([...types.keys()]).toEqual([...old.keys()]);
    expect([...types].filter(([, type]) => String(type).startsWith('u'))).toEqual([]);
    expect(types.get('chip')).toBe('i32');
    expect(manifestLines(join(folder, 'asked'), 'injection_scan')).toEqual(
      manifestLines(join(folder, 'dashed-board'), 'injection_scan'),
    );
  });
});

async function typesOf(path: string): Promise<Map<string, unknown>> {
  const file = await TableFile.open(path);
  try {
    return new Map(file.schema.columns.map(({ name, type }) => [name, type]));
  } finally {
    await file.close();
  }
}

/** Without what every scan writes about itself; what it measures with is frozen anew, too. */
function kept(contents: Readonly<Record<string, string>>): Record<string, string> {
  const written = /^(owner\.json|report\.html|full-calibration\.yaml|\.scan\/.*|[^/]*\/procedure\.yaml)$/;
  return Object.fromEntries(Object.entries(contents).filter(([path]) => !written.test(path)));
}

async function fragment(path: string): Promise<ConfigMap> {
  const { value } = await readSource(path);
  if (value instanceof Map) return value;
  throw new Error(`${path} is no calibration`);
}

function keysOf(plan: ScanPlan): [number, string][] {
  return Array.from({ length: plan.runs }, (_, run) => [run, plan.key(run)]);
}
