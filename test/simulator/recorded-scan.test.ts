import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseYaml } from '../../src/domain/config/yaml/yaml.js';
import { inspectRaw } from '../support/raw/inspect.js';
import { injectedChannels, writeRecordedScan } from '../../src/simulator/recorded-scan.js';
import { summarise } from '../support/raw/response.js';

let folder: string;
const shape = { seed: 7, events: 40, phases: 2, calibs: 4, calibStep: 512 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recorded-'));
  await writeRecordedScan(folder, shape);
});
afterAll(() => rm(folder, { recursive: true }));

const run = (number: number) => readFile(join(folder, 'recorded', `test_run_${number}.raw`));

describe('a recorded scan made by the simulator', () => {
  test('has a file per point of the grid, cut as those of the field are', async () => {
    expect((await readdir(join(folder, 'recorded'))).length).toBe(8);
    expect(inspectRaw(await run(3))).toMatchObject({
      events: 40,
      records: 3 * 40 - 1,
      chips: [0, 1, 2],
      truncatedBytes: 352,
      corruptHalves: 0,
    });
  });

  test('is the same for the same seed and another for another', async () => {
    const again = await mkdtemp(join(tmpdir(), 'recorded-'));
    try {
      await writeRecordedScan(again, shape);
      expect((await readFile(join(again, 'recorded/test_run_6.raw'))).equals(await run(6))).toBe(true);
      await writeRecordedScan(again, { ...shape, seed: 8 });
      expect((await readFile(join(again, 'recorded/test_run_6.raw'))).equals(await run(6))).toBe(false);
    } finally {
      await rm(again, { recursive: true });
    }
  });

  test('shows the response of the injected channels, and only of these', async () => {
    const [none, half, full] = await Promise.all([run(1), run(2), run(4)]).then((files) => files.map(summarise));
    for (const channel of injectedChannels) {
      expect(half(1, channel).adc).toBeGreaterThan(none(1, channel).adc + 300);
      expect(none(1, channel)).toMatchObject({ totEfficiency: 0, toaEfficiency: 0 });
      expect(full(1, channel)).toMatchObject({ totEfficiency: 1, toaEfficiency: 1 });
      expect(full(1, channel).tot).toBeGreaterThan(half(1, channel).tot + 300);
    }
    expect(full(1, 30)).toMatchObject({ totEfficiency: 0, toaEfficiency: 0 });
    expect(full(1, 30).adc).toBeCloseTo(none(1, 30).adc, -1);
  });

  test('has configuration files that are YAML', async () => {
    for (const name of ['main.yaml', 'default.yaml', 'network.yaml']) {
      expect(parseYaml(await readFile(join(folder, name), 'utf8')), name).toBeInstanceOf(Map);
    }
  });
});
