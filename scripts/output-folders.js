// Makes output folders as a version leaves them, for test/fixtures/VERSION:
//   node scripts/output-folders.js CHECKOUT FOLDER
// CHECKOUT is that version, built. FOLDER has the user's files (user/) and scans.json; its path and the host's name
// stand in what is written. Python: DATENRAFFINERIE_TEST_PYTHON.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const [checkout, folder] = process.argv.slice(2).map((path) => resolve(path));
const program = join(checkout, 'bin', 'datenraffinerie.js');
const user = join(folder, 'user');
const network = join(user, 'network.yaml');
const data = mkdtempSync(join(tmpdir(), 'output-folders-'));
const python = process.env['DATENRAFFINERIE_TEST_PYTHON'] ?? 'python3';
const running = [];

function start(words, environment = {}) {
  const options = { cwd: folder, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] };
  const child = spawn(process.execPath, [program, ...words], options);
  const lines = createInterface({ input: child.stdout });
  return { child, lines, ended: once(child, 'exit') };
}

/** Starts what goes on until the end; resolves with the first line that matches. */
async function startUntil(pattern, words) {
  const started = start(words);
  running.push(started);
  const ready = new Promise((resolve) => started.lines.on('line', (line) => pattern.test(line) && resolve(line)));
  const ended = started.ended.then(([code]) => {
    throw new Error(`${words[0]} ended with ${code}`);
  });
  return pattern.exec(await Promise.race([ready, ended]));
}

async function run({ output, procedures, options }, address) {
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const where = ['--output', output, '--network', network, '--id', output];
  const words = ['run', join(user, 'main.yaml'), ...procedures, ...given, ...where];
  const [code] = await start(words, { TEMPORAL_ADDRESS: address }).ended;
  if (code !== 0) throw new Error(`${output}: the scan ended with ${code}`);
}

try {
  await startUntil(/^ready/, ['simulate', '--ports', '0', '--run-seconds', '0.02', '--write-network', network]);
  const workers = ['--stand', 'simulator', '--analyses', join(user, 'analyses'), '--python', python];
  const [, address] = await startUntil(/^ready temporal=(\S+)/, ['up', '--port', '0', '--data', data, ...workers]);
  for (const scan of JSON.parse(readFileSync(join(folder, 'scans.json'), 'utf8'))) await run(scan, address);
} finally {
  for (const { child, ended } of running.reverse()) {
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  }
  rmSync(data, { recursive: true, force: true });
}
