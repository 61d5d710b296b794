import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatYaml, parseYaml } from '../../src/domain/config/yaml/yaml.js';
import { root, temporaryFolder } from '../support/disk/folders.js';

const folder = temporaryFolder();
const example = (name: string) => join(root, 'config-examples', name);

function run(...parameters: string[]) {
  const command = [join(root, 'bin/datenraffinerie.js'), ...parameters];
  return spawnSync(process.execPath, command, { encoding: 'utf8', cwd: root, maxBuffer: 1 << 28 });
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe('commands on configurations, as whole processes', () => {
  // written to stderr when the process ends: its CPU time in ms and the CommonJS packages it has loaded
  const probe = `import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
process.on('exit', () => {
  writeSync(2, JSON.stringify(Object.keys(createRequire(import.meta.url).cache)));
});
`;

  it.each([
    ['validate', example('injection-scan.yaml')],
    ['plan', example('injection-scan.yaml'), 'injection_response'],
  ])('%s loads nothing of Temporal, HDF5 or sockets', (...parameters) => {
    const command = ['--import', file('probe.mjs', probe), join(root, 'bin/datenraffinerie.js'), ...parameters];
    const { stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', cwd: root });
    const files = JSON.parse(stderr) as string[];
    expect(files.some((path) => path.includes('commander'))).toBe(true);
    expect(files.filter((path) => /@temporalio|zeromq|h5wasm|vega/.test(path))).toEqual([]);
  });

  it('validate tells all errors, exit code 2', () => {
    const main = file('wrong.yaml', 'procedures: [{name: a, type: dag}, {nam: b, type: analysis, daq: [c]}]\n');
    const { status, stdout, stderr } = run('validate', main);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/wrong\.yaml:1:30: unknown type 'dag'/);
    expect(stderr).toMatch(/unknown field 'nam'[\s\S]*did you mean 'name'/);
    const json: unknown = JSON.parse(run('validate', main, '--json').stdout);
    expect(json).toMatchObject({
      valid: false,
      problems: expect.arrayContaining([expect.objectContaining({ line: 1, column: 30 })]),
    });
    expect(run('validate', join(folder, 'none.yaml'))).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/there is no such file/),
    });
  });

  it('plan prints text, JSON and the configuration of every run', () => {
    const main = example('injection-scan.yaml');
    expect(run('plan', main, 'injection_response').stdout).toMatch(/injection_scan: 64 runs of 500 events/);
    const short = JSON.parse(run('plan', main, 'injection_response', '--json').stdout) as { procedures: object[] };
    expect(short.procedures).toMatchObject([
      {
        name: 'injection_scan',
        type: 'daq',
        count: 64,
        axes: [
          { name: 'phase_strobe', length: 4 },
          { name: 'Calib', length: 16 },
        ],
        reused: 0,
        reasons: [],
      },
      { name: 'injection_response', type: 'analysis', count: 1, axes: [] },
    ]);
    expect(short.procedures[0]).not.toHaveProperty('runs');
    const full = JSON.parse(run('plan', main, 'injection_scan', '--json', '--configs').stdout) as {
      procedures: { runs: unknown[] }[];
    };
    expect(full.procedures[0].runs).toHaveLength(64);
    expect(run('plan', main, 'injektion')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/no procedure or workflow 'injektion'/),
    });
  });

  it('a reader that goes away ends a plan quietly', () => {
    const command = `"${process.execPath}" bin/datenraffinerie.js plan config-examples/workflow.yaml characterisation --configs`;
    const { stdout, stderr } = spawnSync('sh', ['-c', `${command} | head -c 20`], { encoding: 'utf8', cwd: root });
    expect([stdout, stderr]).toEqual(['{"procedures": [\n{"n', '']);
  });

  it('yaml diff and update keep integer keys', () => {
    const [a, b] = [file('a.yaml', 'x: {0: 1, 1: 2}\n'), file('b.yaml', 'x: {0: 1, 1: 0x10, "1": t}\n')];
    expect(parseYaml(run('yaml', 'diff', a, b).stdout)).toEqual(parseYaml('x: {1: 16, "1": t}'));
    expect(run('yaml', 'update', a, b).stdout).toBe(formatYaml(parseYaml('x: {0: 1, 1: 16, "1": t}')));
    expect(run('yaml', 'update', a, file('c.yaml', 'x: {0: [1]}\n'), '--json').stdout).toBe('{"x":{"0":[1],"1":2}}\n');
  });

  it('schema prints JSON schemas that describe the fields', () => {
    const library = JSON.parse(run('schema', 'library').stdout) as { items: { anyOf: { properties: object }[] } };
    expect(library.items.anyOf[0].properties).toHaveProperty('system_settings');
    expect(JSON.parse(run('schema').stdout)).toHaveProperty('properties.workflows');
    expect(JSON.parse(run('schema', 'network').stdout)).toHaveProperty('properties.server');
    expect(run('schema', 'nonsense').status).toBe(2);
  });
});
