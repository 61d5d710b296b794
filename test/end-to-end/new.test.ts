import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/disk/folders.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { startUp } from '../support/temporal/up.js';

// From an empty folder to a report, as README says.
test('what new writes is valid, and a first scan of the simulator comes to a report', async () => {
  const dir = join(temporaryFolder(), 'my scans');
  const made = await runCli(['new', dir]);
  expect(made.code).toBe(0);
  expect(made.stdout).toContain(`run ${join(dir, 'main.yaml')} first_scan`);
  expect(readdirSync(dir).sort()).toEqual(['board', 'main.yaml', 'network.yaml']);
  expect((await runCli(['validate', join(dir, 'main.yaml')])).stdout).toContain('valid: 2 DAQ, 2 analyses, 1 workflow');

  const network = join(dir, 'network.yaml');
  const simulated = join(dir, 'simulated.yaml');
  const simulator = startCli(['simulate', '--ports', '0', '--run-seconds', '0.01', '--write-network', simulated]);
  const [up] = await Promise.all([startUp(), simulator.waitForLine(/^ready /)]);
  // its ports are free ones here; the name stays
  const ports = readFileSync(simulated, 'utf8').replace(/^name:.*$/m, '');
  writeFileSync(network, `${ports}name: ${/^name: (.*)$/m.exec(readFileSync(network, 'utf8'))?.[1]}\n`);
  const words = ['run', join(dir, 'main.yaml'), 'first_scan', '--network', network, '--output', join(dir, 'out')];
  const { code, stdout, stderr } = await runCli(words, { env: up.environment });
  expect(code, stderr).toBe(0);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(`report  ${join(dir, 'out', 'report.html')}`);
});

test('it overwrites nothing', async () => {
  const dir = temporaryFolder();
  writeFileSync(join(dir, 'main.yaml'), 'mine');
  const { code, stderr } = await runCli(['new', dir]);
  expect(code).toBe(2);
  expect(stderr).toContain(`${join(dir, 'main.yaml')} is there already`);
  expect(readdirSync(dir)).toEqual(['main.yaml']);
});

test('with a host, the network file is that of a board there', async () => {
  const dir = join(temporaryFolder(), 'bench');
  expect((await runCli(['new', dir, '--host', 'hexaboard-3.lab'])).code).toBe(0);
  const text = readFileSync(join(dir, 'network.yaml'), 'utf8');
  expect(text).toContain(
    'server: {hostname: hexaboard-3.lab, sc_ctrl_port: 5555, daq_ctrl_port: 6000, data_port: 8888}',
  );
  expect(text).not.toContain('client');
});
