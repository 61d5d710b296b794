import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { waitUntil } from '../support/tools/processes.js';
import { manifestLines, measuredRuns, sha256Of } from '../support/disk/scan-folder.js';
import { startUp, type Up } from '../support/temporal/up.js';

/** What is on disk decides what is measured again; here a scan of 24 runs is done, spoilt and asked for again. */
const procedure = 'injection_scan';
let up: Up;
let scan: RecordedScan;
let slow: string;
let measured: string;
let table: string;

beforeAll(async () => {
  up = await startUp();
  scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 9, events: 10 });
  slow = withRunSeconds(0.3);
  measured = await measure();
  table = sha256Of(join(measured, `${procedure}.h5`));
});

function withRunSeconds(seconds: number): string {
  const path = scan.network.replace('network.yaml', `network-${seconds}.yaml`);
  writeFileSync(path, readFileSync(scan.network, 'utf8').replace(/run_seconds: .*/, `run_seconds: ${seconds}`));
  return path;
}

function words(output: string, more: readonly string[] = [], network = scan.network): string[] {
  return ['run', scan.main, procedure, '--network', network, '--output', output, ...more];
}

function run(output: string, more: readonly string[] = [], environment = up.environment) {
  return runCli(words(output, more), { env: environment });
}

/** An output folder with the whole scan: a copy, times and all, since to measure each anew would take most of this file. */
function done(): string {
  const output = join(temporaryFolder(), 'out');
  execFileSync('cp', ['-a', measured, output]);
  return output;
}

async function measure(more: readonly string[] = []): Promise<string> {
  const output = join(temporaryFolder(), 'out');
  const { code, stderr } = await run(output, more);
  expect(stderr).toContain('done');
  expect(code).toBe(0);
  return output;
}

/** Why runs were measured again, as `status` shows it. */
async function reasons(id: string): Promise<string> {
  const { stdout } = await runCli(['status', id, '--json'], { env: up.environment });
  return stdout;
}

const raw = (output: string, run: number): string =>
  join(output, procedure, 'raw', `run_${String(run).padStart(5, '0')}.raw`);

const runsOf = (output: string): number[] => manifestLines(output, procedure).map((line) => line.run);

const all = [...Array(24).keys()];

describe('measured again, with the reason in `status`, is a run whose file', () => {
  test.each<[string, (path: string) => void, RegExp]>([
    ['is missing', (path) => rmSync(path), /raw\/run_00005\.raw is missing/],
    ['is shorter', (path) => truncateSync(path, 100), /raw\/run_00005\.raw has 100 bytes where \d+ were written/],
    ['was altered', alter, /raw\/run_00005\.raw was changed after it was measured/],
  ])('%s', async (_, spoil, reason) => {
    const output = done();
    spoil(raw(output, 5));
    const id = `again-${randomUUID()}`;
    expect((await run(output, ['--id', id])).code).toBe(0);
    expect(await reasons(id)).toMatch(reason);
    expect(runsOf(output)).toEqual([...all, 5]);
    expect(sha256Of(join(output, `${procedure}.h5`))).toBe(table);
  });
});

test('--verify also finds a file that was altered without a trace in size and time, and measures it again', async () => {
  const output = done();
  const path = raw(output, 5);
  const { atime, mtime } = statSync(path);
  alter(path);
  utimesSync(path, atime, mtime);
  expect((await run(output)).code).toBe(0);
  expect(runsOf(output)).toEqual(all);
  const plan = await runCli(['plan', scan.main, procedure, '--output', output, '--verify'], { env: up.environment });
  expect(plan.stdout).toContain('1 run: raw/run_00005.raw has another sha256 than the file that was measured');
  const id = `verified-${randomUUID()}`;
  expect((await run(output, ['--verify', '--id', id])).code).toBe(0);
  expect(await reasons(id)).toContain('raw/run_00005.raw has another sha256');
  expect(runsOf(output)).toEqual([...all, 5]);
  expect(sha256Of(join(output, `${procedure}.h5`))).toBe(table);
});

test('a copy of the folder, whose files have other times, is reused, and read once', async () => {
  const output = join(temporaryFolder(), 'copy');
  cpSync(done(), output, { recursive: true }); // without the times
  const plan = await runCli(['plan', scan.main, procedure, '--output', output, '--json'], { env: up.environment });
  expect(JSON.parse(plan.stdout)).toMatchObject({ procedures: [{ reused: 24, reasons: [] }] });
  expect((await run(output)).code).toBe(0);
  expect(runsOf(output)).toEqual([...all, ...all]); // the new times on record
  expect((await run(output)).code).toBe(0);
  expect(runsOf(output)).toEqual([...all, ...all]);
  expect(sha256Of(join(output, `${procedure}.h5`))).toBe(table);
});

function alter(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 0xff;
  writeFileSync(path, bytes);
}

test('a file that was replaced is kept, a former one with another configuration too', async () => {
  const output = done();
  truncateSync(raw(output, 3), 50);
  expect((await run(output)).code).toBe(0);
  expect(readdirSync(join(output, procedure, 'raw', 'superseded'))).toEqual(['run_00003.raw.1']);

  const main = scan.main.replace('main.yaml', 'other.yaml');
  writeFileSync(main, readFileSync(scan.main, 'utf8').replace('10: {HighRange: 1}', '11: {HighRange: 1}'));
  const again = await runCli(['run', main, ...words(output, ['--id', 'other']).slice(2)], { env: up.environment });
  expect(again.code).toBe(0);
  expect(await reasons('other')).toContain('was measured with another configuration');
  expect(runsOf(output)).toEqual([...all, 3, ...all]);
  expect(readdirSync(join(output, procedure, 'raw', 'superseded'))).toHaveLength(25);
});

test("another board's runs are not reused, the same board's are", async () => {
  const output = await measure(['--board', 'A']);
  expect((await run(output, ['--board', 'A'])).stderr).toContain('24 reused');
  expect((await run(output, ['--board', 'B'])).code).toBe(0);
  const lines = manifestLines(output, procedure);
  expect(lines.map((line) => line.board)).toEqual([...all.map(() => 'A'), ...all.map(() => 'B')]);
});

test('a torn last line of the manifest is cut off and its run measured again', async () => {
  const output = done();
  const manifest = join(output, procedure, 'manifest.jsonl');
  const text = readFileSync(manifest, 'utf8');
  truncateSync(manifest, text.length - 40);
  expect((await run(output)).code).toBe(0);
  expect(runsOf(output)).toEqual(all);
  expect(sha256Of(join(output, `${procedure}.h5`))).toBe(table);
});

test('a scan whose runs are all on disk needs nobody who drives the stand', async () => {
  const output = done();
  const { code, stderr } = await run(output, ['--stand', 'nobody', '--any-stand']);
  expect(stderr).toContain('done');
  expect(code).toBe(0);
  expect(runsOf(output)).toEqual(all);
});

test('--fresh moves everything aside and measures anew', async () => {
  const output = done();
  const before = sha256Of(raw(output, 0));
  expect((await run(output, ['--fresh'])).code).toBe(0);
  expect(runsOf(output)).toEqual(all);
  const [stamp] = readdirSync(join(output, '.old'));
  const old = join(output, '.old', stamp);
  expect(sha256Of(raw(old, 0))).toBe(before);
  expect(runsOf(old)).toEqual(all);
  expect(sha256Of(join(old, `${procedure}.h5`))).toBe(table);
});

test('a scan whose server lost its database goes on from the manifest alone; a share that went away is waited for', async () => {
  const first = await startUp();
  const output = join(temporaryFolder(), 'out');
  const running = startCli(words(output, ['--id', 'lost', '--detach'], slow), { env: first.environment });
  expect((await running.ended).code).toBe(0);
  await waitUntil('five runs', () => (measuredRuns(output, procedure) >= 5 ? true : undefined));
  await first.stop();
  const measured = measuredRuns(output, procedure);
  expect(measured).toBeLessThan(24);
  rmSync(first.data, { recursive: true });
  const second = await startUp({ data: first.data });
  const resumed = startCli(words(output, ['--id', 'lost'], slow), { env: second.environment });
  await waitUntil('another run', () => (measuredRuns(output, procedure) > measured + 2 ? true : undefined));

  const away = `${output}-away`;
  renameSync(output, away);
  mkdirSync(output);
  await second.cli.waitForLine(/is not the folder this scan began in: its marker is missing/);
  const written = readdirSync(output);
  rmSync(output, { recursive: true });
  renameSync(away, output);
  expect((await resumed.ended).code).toBe(0);
  expect(written.filter((name) => name.endsWith('.h5') || name.startsWith('.scan'))).toEqual([]);
  expect(new Set(runsOf(output))).toEqual(new Set(all));
  expect(runsOf(output).length).toBeLessThanOrEqual(24 + 2);
  expect(sha256Of(join(output, `${procedure}.h5`))).toBe(table);
  await second.stop();
});

test('a second scan into the same folder is refused while the first one runs', async () => {
  const output = join(temporaryFolder(), 'out');
  const running = startCli(words(output, ['--id', 'owner'], slow), { env: up.environment });
  await waitUntil('a run', () => (measuredRuns(output, procedure) >= 1 ? true : undefined));
  const { code, stderr } = await run(output, ['--id', 'intruder']);
  expect(code).toBe(1);
  expect(stderr).toContain("the scan 'owner' is writing into");
  expect((await running.ended).code).toBe(0);
  expect(runsOf(output)).toEqual(all);
});

test('a stopped daq worker is replaced, and when it wakes up nothing is lost', async () => {
  const output = join(temporaryFolder(), 'out');
  const running = startCli(words(output, ['--id', 'stopped'], slow), { env: up.environment });
  await waitUntil('three runs', () => (measuredRuns(output, procedure) >= 3 ? true : undefined));
  const pid = up.worker('daq')?.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  await up.cli.waitForLine(/^\S+Z WARN worker daq \(local\): no sign of life for 10 s: killed$/, 30_000);
  expect((await running.ended).code).toBe(0);
  expect(up.worker('daq')?.pid).not.toBe(pid);
  expect(new Set(runsOf(output))).toEqual(new Set(all));
  expect(runsOf(output).length).toBeLessThanOrEqual(24 + 2);
  expect(sha256Of(join(output, `${procedure}.h5`))).toBe(table);
});
