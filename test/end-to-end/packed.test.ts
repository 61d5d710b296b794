import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { root, temporaryFolder } from '../support/disk/folders.js';
import { runCli } from '../support/temporal/cli.js';
import { withServer } from '../support/temporal/server.js';

const run = promisify(execFile);
const server = withServer();

/** The package as others install it: from the tarball, with what it depends on beside it; nothing else of the project. */
let installed: string;

beforeAll(async () => {
  const folder = temporaryFolder();
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  const [tarball] = readdirSync(folder);
  await run('tar', ['xf', tarball], { cwd: folder });
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  installed = join(modules, 'datenraffinerie');
  renameSync(join(folder, 'package'), installed);
});

test('it says what it can do, reads configurations and finds its analyses, from any folder', async () => {
  const cwd = temporaryFolder();
  expect((await runCli(['--help'], { build: installed, cwd })).stdout).toContain('simulate');
  const main = join(installed, 'config-examples', 'injection-scan.yaml');
  const validated = await runCli(['validate', main], { build: installed, cwd });
  expect(validated.stdout + validated.stderr).toContain('valid');
  expect(validated.code).toBe(0);
  expect((await runCli(['plan', main, 'injection_scan'], { build: installed, cwd })).code).toBe(0);
});

test('a proxy for the web does not stand between it and a server on this computer', async () => {
  const proxies = {
    https_proxy: 'http://127.0.0.1:9',
    http_proxy: 'http://127.0.0.1:9',
    grpc_proxy: 'http://127.0.0.1:9',
  };
  const { code, stderr } = await runCli(['list'], { build: installed, env: { ...server.environment, ...proxies } });
  expect(stderr).toContain('no scans yet');
  expect(code).toBe(0);
});

test('a worker that finds no server ends with 1', async () => {
  const env = { ...server.environment, TEMPORAL_ADDRESS: '127.0.0.1:9' };
  const { code, stderr } = await runCli(['worker', 'processing'], { env });
  expect(stderr).toContain('no Temporal server answers at 127.0.0.1:9');
  expect(code).toBe(1);
});
