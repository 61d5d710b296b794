import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ColumnData } from '../../src/domain/table/schema.js';
import { TableFile } from '../../src/io/hdf5/read-table.js';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { runCli } from '../support/temporal/cli.js';
import { root, temporaryFolder } from '../support/disk/folders.js';
import { expectedTable, recordedFolder } from '../support/raw/recorded-data.js';
import { manifestLines } from '../support/disk/scan-folder.js';
import { startUp, type Up } from '../support/temporal/up.js';

/** What a user does first, through the real command line, server and workers. */
let up: Up;
let scan: RecordedScan;
let output: string;

beforeAll(async () => {
  up = await startUp();
  scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 5 });
  const analysis = '  - {name: injection, type: analysis, daq: injection_scan, module_name: injection_scan}\n';
  writeFileSync(scan.main, readFileSync(scan.main, 'utf8') + analysis);
  output = join(temporaryFolder(), 'out');
});

function run(...words: string[]) {
  return runCli(['run', ...words], { env: up.environment });
}

describe('run', () => {
  test('measures, merges and analyses a recorded scan', async () => {
    const done = await run(scan.main, 'injection', '--network', scan.network, '--output', output, '--id', 'first');
    expect(done.stderr).toContain('done');
    expect(done.code).toBe(0);
    expect(done.stdout).toBe(
      [
        `injection_scan  done  ${join(output, 'injection_scan.h5')}`,
        `injection  done  ${join(output, 'injection')}`,
        `report  ${join(output, 'report.html')}`,
        '',
      ].join('\n'),
    );
    expect(manifestLines(output, 'injection_scan').map((line) => line.run)).toEqual([...Array(24).keys()]);
    const table = await TableFile.open(join(output, 'injection_scan.h5'));
    const { data } = await table.columns(['Calib', 'phase_strobe', 'channel', 'adc_mean']);
    expect(table.rows).toBe(24 * 234);
    expect(different(data.get('Calib'))).toEqual([0, 256, 512, 768, 1024, 1280, 1536, 1792]);
    expect(different(data.get('phase_strobe'))).toEqual([0, 3, 6]);
    const png = readFileSync(join(output, 'injection', 'response.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });

  test('measures nothing again when it is asked for again, with a server that knows nothing of it', async () => {
    const again = await run(scan.main, 'injection', '--network', scan.network, '--output', output, '--id', 'second');
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('24 reused');
    expect(manifestLines(output, 'injection_scan')).toHaveLength(24);
  });

  test('is what the temporal command line starts with one JSON object', async () => {
    const cli = up.environment['DATENRAFFINERIE_TEMPORAL_CLI'] ?? 'temporal';
    const input = JSON.stringify({
      config: scan.main,
      procedures: ['injection_scan'],
      network: scan.network,
      output: join(temporaryFolder(), 'out'),
    });
    const run = promisify(execFile);
    const temporal = (...words: string[]) => run(cli, [...words, '--address', up.address], { env: up.environment });
    const start = ['workflow', 'start', '--type', 'valveYard', '--task-queue', 'datenraffinerie'];
    await temporal(...start, '--workflow-id', 'scan-1', '--input', input);
    const { stdout } = await temporal('workflow', 'result', '--workflow-id', 'scan-1', '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ status: 'COMPLETED', result: { state: 'done', fullCalibration: null } });
    const query = await temporal(
      'workflow',
      'query',
      '--workflow-id',
      'scan-1',
      '--type',
      'progress',
      '--output',
      'json',
    );
    const [progress] = (JSON.parse(query.stdout) as { queryResult: unknown[] }).queryResult;
    expect(progress).toMatchObject({
      phase: 'done',
      stand: 'local',
      procedures: [{ name: 'injection_scan', acquired: 24 }],
    });
  });

  test('attaches to the same scan under the same id and refuses another one', async () => {
    const folder = join(temporaryFolder(), 'out');
    const slow = scan.network.replace('network.yaml', 'slow.yaml');
    writeFileSync(slow, readFileSync(scan.network, 'utf8').replace(/run_seconds: .*/, 'run_seconds: 0.5'));
    const words = [scan.main, 'injection_scan', '--network', slow, '--output', folder, '--id', 'same'];
    const detached = await run(...words, '--detach');
    expect(detached).toMatchObject({ code: 0, stdout: 'same\n' });
    const other = await run(...words, '--comment', 'another');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("a scan 'same' is running with another input");
    const elsewhere = await run(...words.slice(0, -1), 'other');
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.stderr).toContain("the scan 'same' is writing into");
    const attached = await run(...words);
    expect(attached.stderr).toContain('attached');
    expect(attached.code).toBe(0);
  });

  test.skipIf(recordedFolder === undefined)(
    'gives the expected summaries of the 48 recorded runs of a real board',
    async () => {
      const folder = temporaryFolder();
      const main = writeSharedScan(folder);
      const result = await run(
        main,
        'injection_scan',
        '--network',
        join(folder, 'network.yaml'),
        '--output',
        join(folder, 'out'),
      );
      expect(result.code).toBe(0);
      const table = await TableFile.open(join(folder, 'out', 'injection_scan.h5'));
      expect(table.rows).toBe(48 * 234);
      for (const [file, row] of [
        [1, 0],
        [8, 7],
        [60, 27],
        [112, 47],
      ]) {
        const expected = expectedTable(`test_run_${file}.summary.csv`);
        const { data } = await table.columns([...expected.keys()], { start: row * 234, end: (row + 1) * 234 });
        for (const [name, values] of expected) expectClose(name, [...(data.get(name) ?? [])].map(Number), values);
      }
      const { data } = await table.columns(['Calib', 'phase_strobe']);
      expect(data.get('phase_strobe')?.[47 * 234]).toBe(6);
      expect(data.get('Calib')?.[47 * 234]).toBe(1920);
    },
  );
});

function different(column: ColumnData | undefined): number[] {
  return [...new Set(Array.from(column ?? [], Number))];
}

/** Integers exactly, floats to 1e-6 of their size. */
function expectClose(name: string, found: readonly number[], expected: readonly number[]): void {
  const far = expected.filter((value, i) => Math.abs(found[i] - value) > 1e-6 * Math.max(1, Math.abs(value)));
  expect(far, name).toEqual([]);
}

function writeSharedScan(folder: string): string {
  const chips = '[roc_s0, roc_s1, roc_s2]';
  const phases = [0, 1, 2].map((chip) => `  roc_s${chip}: {Top: {0: {phase_strobe: 0}}}\n`).join('');
  writeFileSync(join(folder, 'phase.yaml'), `target:\n${phases}`);
  writeFileSync(
    join(folder, 'main.yaml'),
    `procedures:
  - name: injection_scan
    type: daq
    data_format: characterisation
    system_settings: {default: [${recordedFolder}/test_run_1.yaml, phase.yaml]}
    parameters:
      - {key: [target, ${chips}, Top, 0, phase_strobe], values: [0, 3, 6]}
      - {key: [target, ${chips}, ReferenceVoltage, [0, 1], Calib], values: {start: 0, stop: 1921, step: 128}}
`,
  );
  const recorded = `kind: recorded
folder: ${recordedFolder}
file: "test_run_{{ 16 * phase + calib // 128 + 1 }}.raw"
parameters:
  phase: {key: [target, roc_s0, Top, 0, phase_strobe], default: 0}
  calib: {key: [target, roc_s0, ReferenceVoltage, 0, Calib]}
run_seconds: 0.01
`;
  writeFileSync(join(folder, 'network.yaml'), recorded);
  return join(folder, 'main.yaml');
}

describe('run refuses, in one line and with the right exit code,', () => {
  const network = (): string[] => ['--network', scan.network, '--output', join(temporaryFolder(), 'out')];

  test('a main file that does not exist', async () => {
    const result = await run('/nowhere/main.yaml', 'x', ...network());
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot read /nowhere/main.yaml') });
  });

  test('broken YAML, with its place', async () => {
    const main = join(temporaryFolder(), 'main.yaml');
    writeFileSync(main, 'procedures:\n  - {name: a, type: [daq\n');
    const result = await run(main, 'a', ...network());
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(new RegExp(`${main}:\\d+:\\d+: `));
  });

  test('a procedure that does not exist', async () => {
    const result = await run(scan.main, 'injektion', ...network());
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("there is no procedure or workflow 'injektion'");
  });

  test('a recorded file that is missing, before the first run', async () => {
    const folder = temporaryFolder();
    const part = await writeRecordedScan(folder, { seed: 1, phases: 1, calibs: 2 });
    writeFileSync(part.network, readFileSync(part.network, 'utf8').replace('test_run_', 'no_run_'));
    const result = await run(part.main, 'injection_scan', '--network', part.network, '--output', join(folder, 'out'));
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('no_run_1.raw (and 1 more)');
  });

  test.each([
    ['empty', Buffer.alloc(0)],
    ['no raw file', Buffer.from('this is text, and long enough not to be taken for a header that was cut off')],
  ])('a raw file that is %s', async (_, bytes) => {
    const folder = temporaryFolder();
    const part = await writeRecordedScan(folder, { seed: 1, phases: 1, calibs: 2 });
    writeFileSync(join(folder, 'recorded', 'test_run_2.raw'), bytes);
    const words = ['--network', part.network, '--output', join(folder, 'out'), '--max-failed-runs', '0'];
    const result = await run(part.main, 'injection_scan', ...words);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/run_00001.raw.*: /);
    expect(manifestLines(join(folder, 'out'), 'injection_scan').map((line) => line.run)).toEqual([0]);
  });

  test('a server that does not answer', async () => {
    const env = { ...up.environment, TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const result = await runCli(['run', scan.main, 'injection_scan', ...network()], { env });
    expect(result).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no Temporal server answers at 127.0.0.1:1'),
    });
  });

  test('a stand without a worker, within seconds', async () => {
    const started = Date.now();
    const result = await run(scan.main, 'injection_scan', ...network(), '--stand', 'absent');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("start one with 'datenraffinerie worker daq --stand absent'");
    expect(Date.now() - started).toBeLessThan(30_000);
  });
});

test('the command line works from any folder', async () => {
  const result = await runCli(['list', '--json'], { env: up.environment, cwd: join(root, '..') });
  const scans = JSON.parse(result.stdout) as { id: string }[];
  expect(scans.map(({ id }) => id)).toContain('first');
});
