// npm run soak -- --minutes N [--keep DIR]: small scans one after the other on the simulator, and what every process has
// of memory and open files meanwhile, and how large the server's database is. Exits with 1 where something grows.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { processesWith, signalProcess } from './processes.js';
import { writeScan } from './scan-files.js';
import { Stage } from './stage.js';
import { folderPrefix, sweep } from './sweep.js';

const parts = ['up', 'server', 'workflow', 'daq', 'processing', 'analysis', 'stand'];
/** Caches fill first: what comes after this share of the time is compared with what comes before the end. */
const warmUp = 0.4;
/** Megabytes and files that a process may have more in the last quarter than after it has warmed up. */
const tolerated = { megabytes: 40, files: 5 };

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '20' }, keep: { type: 'string' } },
});
const minutes = Number(values.minutes);
sweep(console.log);
const folder = values.keep === undefined ? mkdtempSync(join(tmpdir(), folderPrefix)) : resolve(values.keep);
const stage = new Stage(folder, `soak-${process.pid}-${Date.now()}`);
const samples = [];
try {
  await play();
} finally {
  for (const { pid } of processesWith(stage.mark) ?? []) signalProcess(pid, 'SIGKILL');
  stage.network?.close();
}
const wrong = report();
for (const text of wrong) console.log(`WRONG: ${text}`);
if (values.keep === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
process.exit(wrong.length === 0 ? 0 : 1);

async function play() {
  const scan = writeScan(join(folder, 'scan'), 24, await stage.open());
  const end = Date.now() + 60_000 * minutes;
  for (let number = 1; Date.now() < end; number++) {
    const output = join(folder, 'out');
    const words = ['run', scan.main, ...scan.procedures, '--network', scan.network, '--output', output];
    const lines = [];
    const code = await stage.cli(`run ${number}`, [...words, '--id', `soak-${number}`], lines);
    if (code !== 0) throw new Error(`scan ${number} ended with exit code ${code}: ${lines.slice(-3).join(' | ')}`);
    rmSync(output, { recursive: true, force: true });
    samples.push({ at: Date.now(), scans: number, database: databaseBytes(), ...Object.fromEntries(parts.map(look)) });
  }
  await stage.close();
}

function look(part) {
  const pid = stage.pid(part);
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return [part, { megabytes: Number(kilobytes) / 1024, files: readdirSync(`/proc/${pid}/fd`).length }];
}

function databaseBytes() {
  const data = join(folder, 'data');
  const names = readdirSync(data).filter((name) => name.startsWith('temporal.db'));
  return names.reduce((sum, name) => sum + statSync(join(data, name)).size, 0);
}

/** A line for each process: after it has warmed up, and in the last quarter. @returns what grows */
function report() {
  const early = samples.slice(Math.floor(warmUp * samples.length), Math.floor(0.6 * samples.length));
  const late = samples.slice(Math.floor(0.75 * samples.length));
  console.log(`${samples.length} scans of 24 runs in ${minutes} minutes`);
  const wrong = [];
  for (const part of parts) {
    const row = ['megabytes', 'files'].map((what) =>
      [early, late].map((some) => median(some.map((s) => s[part][what]))),
    );
    const [[m0, m1], [f0, f1]] = row;
    const text = `${part}: ${m0.toFixed(0)} to ${m1.toFixed(0)} MB, ${f0} to ${f1} files`;
    console.log(text);
    if (m1 - m0 > tolerated.megabytes || f1 - f0 > tolerated.files) wrong.push(text);
  }
  console.log(`database: ${[early, late].map((some) => perScan(some).toFixed(0)).join(' to ')} kB a scan`);
  return wrong;
}

function perScan(some) {
  const [first, last] = [some[0], some[some.length - 1]];
  return (last.database - first.database) / 1024 / Math.max(1, last.scans - first.scans);
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
