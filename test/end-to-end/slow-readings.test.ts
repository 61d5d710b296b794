import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { TableFile } from '../../src/io/hdf5/read-table.js';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { needsPython, noPython, runPython } from '../support/tools/python.js';
import { manifestLines, sha256Of } from '../support/disk/scan-folder.js';
import { untilStatus } from '../support/temporal/until-status.js';
import { startUp, type Up } from '../support/temporal/up.js';

/** A recorded scan of 24 runs at a stand whose command prints other readings with every run. */
const procedure = 'injection_scan';
let up: Up;
let scan: RecordedScan;
beforeAll(async () => {
  up = await startUp();
  scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 5, events: 10 });
});

/** Network file whose slow readings are what the script prints; `$N` is the number of the call, from 0 on. */
function networkWith(script: string): { readonly network: string; readonly folder: string } {
  const folder = temporaryFolder();
  const command = join(folder, 'readings.sh');
  const count = 'N=$(cat n 2>/dev/null || echo 0)\necho $((N + 1)) > n';
  writeFileSync(command, `#!/bin/sh\ncd ${folder}\n${count}\n${script}\n`);
  chmodSync(command, 0o755);
  const network = join(dirname(scan.network), `network-${folder.split('/').at(-1) ?? ''}.yaml`);
  writeFileSync(network, `${readFileSync(scan.network, 'utf8')}slow_readings: [${command}]\n`);
  return { network, folder };
}

function words(network: string, output: string, main = scan.main): string[] {
  return ['run', main, procedure, '--network', network, '--output', output];
}

async function measure(network: string, output = join(temporaryFolder(), 'out'), main?: string): Promise<string> {
  const { code, stderr } = await runCli(words(network, output, main), { env: up.environment });
  expect(stderr).toContain('done');
  expect(code).toBe(0);
  return output;
}

/** The column's value of each run, which is the same in all of its rows. */
async function valueOfRuns(output: string, column: string): Promise<number[]> {
  const table = await TableFile.open(join(output, `${procedure}.h5`));
  try {
    const values = (await table.columns([column])).data.get(column);
    return table.runs().map(({ firstRow, rows }) => {
      const own = new Set([...(values ?? []).slice(firstRow, firstRow + rows)].map(Number));
      expect(own.size).toBe(1);
      return [...own][0];
    });
  } finally {
    table.close();
  }
}

const temperatures = Array.from({ length: 24 }, (_, run) => run + 0.5);

describe('slow readings', () => {
  test('are columns of the table, the same when it is made again from the raw files', async () => {
    const { network } = networkWith('echo "temperature: $N.5"; echo "adc_mean: -300"');
    const output = await measure(network);
    expect(await valueOfRuns(output, 'temperature')).toEqual(temperatures);
    expect(await valueOfRuns(output, 'reading_adc_mean')).toEqual(temperatures.map(() => -300));
    const table = join(output, `${procedure}.h5`);
    const before = sha256Of(table);
    rmSync(table);
    rmSync(join(output, procedure, 'parts'), { recursive: true });
    await measure(network, output);
    expect(manifestLines(output, procedure)).toHaveLength(24);
    expect(sha256Of(table)).toBe(before);
  });

  test('of a lost sensor, or of a later run that lack a name, are NaN, and a new name is no column but a warning', async () => {
    const { network } = networkWith(
      'if [ $N = 0 ]; then printf "a: 0\\nb: nan\\n"; elif [ $N = 3 ]; then echo "a: 3"; elif [ $N = 5 ]; then printf "a: 5\\nb: 6\\nc: 7\\n"; else printf "a: $N\\nb: 1\\n"; fi',
    );
    const output = join(temporaryFolder(), 'out');
    await runCli([...words(network, output), '--id', 'names'], { env: up.environment });
    const b = await valueOfRuns(output, 'b');
    expect(b.slice(0, 6)).toEqual([NaN, 1, 1, NaN, 1, 6]);
    expect(manifestLines(output, procedure)[5].readings).toEqual({ a: 5, b: 6, c: 7 });
    const { stdout } = await runCli(['status', 'names', '--json'], { env: up.environment });
    expect(stdout).toContain("slow reading 'c' is no column");
    expect(stdout).toContain("slow reading 'b' is NaN from run 0");
  });

  test('added when runs were measured without are no columns; with other runs or --fresh they are', async () => {
    const output = await measure(scan.network);
    const before = sha256Of(join(output, `${procedure}.h5`));
    rmSync(join(output, procedure, 'raw', 'run_00007.raw'));
    const { network } = networkWith('echo "temperature: $N.5"');
    await measure(network, output);
    expect(manifestLines(output, procedure).at(-1)).toMatchObject({ run: 7, readings: { temperature: 0.5 } });
    expect(sha256Of(join(output, `${procedure}.h5`))).toBe(before);
    rmSync(join(output, procedure, 'raw'), { recursive: true });
    await measure(network, output);
    expect(await valueOfRuns(output, 'temperature')).toEqual(temperatures.map((value) => value + 1));
  });

  test('that fail pause the scan with their reason; it goes on by itself when they succeed again', async () => {
    const { network, folder } = networkWith(
      '[ $N != 4 ] || touch hot\n[ ! -e hot ] || { echo "31 C, limit 30 C" >&2; exit 3; }\necho "t: 20"',
    );
    const output = join(temporaryFolder(), 'out');
    const running = startCli([...words(network, output), '--id', 'hot'], { env: up.environment });
    const reason = '31 C, limit 30 C';
    await untilStatus(up, 'hot', reason, ({ waitingFor }) => waitingFor?.includes(reason) || undefined);
    expect(manifestLines(output, procedure)).toHaveLength(4);
    rmSync(join(folder, 'hot'));
    expect((await running.ended).code).toBe(0);
    expect(await valueOfRuns(output, 't')).toEqual(temperatures.map(() => 20));
    expect(manifestLines(output, procedure)).toHaveLength(24);
  }, 120_000);

  test.skipIf(noPython)(`of event mode, and as h5py and pandas read them${needsPython}`, async () => {
    const main = join(dirname(scan.main), 'main-full.yaml');
    writeFileSync(main, readFileSync(scan.main, 'utf8').replace(/mode: summary/g, 'mode: full'));
    const { network } = networkWith('echo "temperature: $N.5"');
    const output = await measure(network, undefined, main);
    const script = [
      'import sys, json, h5py, tables, pandas',
      'd = h5py.File(sys.argv[1])["data/measurements"]',
      't = tables.open_file(sys.argv[1]).root.data.measurements.read()',
      'f = pandas.DataFrame.from_records(t)',
      'print(json.dumps([d.dtype.names[-1], str(d.dtype["temperature"]), "adc" in d.dtype.names,',
      '  sorted(f.temperature.unique().tolist())]))',
    ].join('\n');
    expect(runPython(script, join(output, `${procedure}.h5`))).toEqual(['temperature', 'float64', true, temperatures]);
  });
});
