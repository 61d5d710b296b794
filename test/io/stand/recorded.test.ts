import { join } from 'node:path';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DaqProcedure } from '../../../src/domain/config/procedure.js';
import { makePlan } from '../../../src/domain/plan/make-plan.js';
import type { ScanPlan } from '../../../src/domain/plan/plan.js';
import { readConfiguration } from '../../../src/io/configuration/config-reader.js';
import { readNetwork } from '../../../src/io/configuration/network-reader.js';
import { checkStand, openStand } from '../../../src/io/stand/open-stand.js';
import { writeRecordedScan } from '../../../src/simulator/recorded-scan.js';
import { temporaryFolder } from '../../support/disk/folders.js';
import { MemorySink } from '../../support/stand/stand-fixtures.js';
import { readFile } from 'node:fs/promises';

const folder = temporaryFolder();
let plan: ScanPlan;

beforeAll(async () => {
  const { main } = await writeRecordedScan(folder, { seed: 3, events: 10, phases: 2, calibs: 3, runSeconds: 0.01 });
  const configuration = await readConfiguration(main);
  plan = makePlan(daqProcedure(configuration.procedures.get('injection_scan')));
});

function daqProcedure(procedure: { type: string } | undefined): DaqProcedure {
  if (procedure?.type !== 'daq') throw new Error('the recorded scan has no DAQ procedure');
  return procedure as DaqProcedure;
}

const never = new AbortController().signal;
const open = async () => openStand(await readNetwork(join(folder, 'network.yaml')));
const run = (index: number) => ({ index, state: plan.state(index), send: plan.send(index), events: 10 });

describe('a stand that replays recorded files', () => {
  test('gives every run of the plan the bytes of its file', async () => {
    const stand = await open();
    await stand.begin({ defaultState: plan.defaultState, state: plan.state(0), runStartTdcProcedure: false }, never);
    expect(plan.runs).toBe(6);
    for (let index = 0; index < plan.runs; index++) {
      const sink = new MemorySink();
      await stand.takeRun(run(index), sink, never);
      expect(sink.bytes.equals(await readFile(join(folder, `recorded/test_run_${index + 1}.raw`)))).toBe(true);
    }
    await stand.quiet(never);
    await stand.close();
  });

  test('takes as long as its network file says', async () => {
    const network = await readNetwork(join(folder, 'network.yaml'));
    const begin = performance.now();
    await openStand({ ...network, runSeconds: 0.2 }).takeRun(run(0), new MemorySink(), never);
    expect(performance.now() - begin).toBeGreaterThan(195);
  });

  test('ends at once when it is aborted', async () => {
    const network = await readNetwork(join(folder, 'network.yaml'));
    const stop = new AbortController();
    const taken = openStand({ ...network, runSeconds: 60 }).takeRun(run(0), new MemorySink(), stop.signal);
    stop.abort(new Error('enough'));
    await expect(taken).rejects.toThrow('enough');
  });

  test('knows before the first run which file is missing', async () => {
    const network = await readNetwork(join(folder, 'network.yaml'));
    await expect(checkStand(network, plan)).resolves.toBeUndefined();
    const path = join(folder, 'recorded/test_run_5.raw');
    await rename(path, `${path}.away`);
    try {
      await expect(checkStand(network, plan)).rejects.toMatchObject({ type: 'ConfigError' });
      await expect(checkStand(network, plan)).rejects.toThrow(path);
      await expect((await open()).takeRun(run(4), new MemorySink(), never)).rejects.toThrow(path);
    } finally {
      await rename(`${path}.away`, path);
    }
  });

  test('tells what cannot be read from what is missing', async () => {
    const network = {
      ...(await readNetwork(join(folder, 'network.yaml'))),
      folder: join(temporaryFolder(), 'recorded'),
    };
    if (network.kind !== 'recorded') throw new Error('not a recorded stand');
    const start = { defaultState: plan.defaultState, state: plan.state(0), runStartTdcProcedure: false };
    await symlink('recorded', network.folder); // leads to itself: nobody can follow it
    const unreadable = {
      type: 'StorageError',
      message: expect.stringContaining(`${network.folder} cannot be read: ELOOP`),
    };
    await expect(openStand(network).begin(start, never)).rejects.toMatchObject(unreadable);
    await expect(checkStand(network, plan)).rejects.toMatchObject({ type: 'StorageError' });
    await rm(network.folder);
    await mkdir(join(network.folder, 'test_run_1.raw'), { recursive: true });
    const taken = openStand(network).takeRun(run(0), new MemorySink(), never);
    await expect(taken).rejects.toMatchObject({ type: 'StorageError', message: expect.stringContaining('EISDIR') });
    const notFolder = { ...network, folder: join(folder, 'network.yaml') };
    await expect(openStand(notFolder).begin(start, never)).rejects.toMatchObject({
      type: 'ConfigError',
      message: `the folder of recorded files is none: ${notFolder.folder}`,
    });
  });

  test('takes slow readings before each run, and no run where they refuse', async () => {
    const network = await readNetwork(join(folder, 'network.yaml'));
    const read = (command: string) => openStand({ ...network, slowReadings: { command, everySeconds: 0 } });
    const taken = await read('echo "temperature: 21.5"').takeRun(run(0), new MemorySink(), never);
    expect(taken.readings).toEqual(new Map([['temperature', 21.5]]));
    const sink = new MemorySink();
    await expect(read('echo too warm; exit 1').takeRun(run(0), sink, never)).rejects.toMatchObject({
      type: 'ReadingError',
    });
    expect(sink.bytes.length).toBe(0);
  });

  test('names a parameter that the configuration lacks', async () => {
    const file = join(folder, 'other-network.yaml');
    const text = await readFile(join(folder, 'network.yaml'), 'utf8');
    await writeFile(file, text.replace('phase_strobe], default: 0', 'phase_strob]'));
    await expect(checkStand(await readNetwork(file), plan)).rejects.toThrow('phase_strob');
  });
});
