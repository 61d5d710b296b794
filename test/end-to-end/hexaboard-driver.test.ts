import { afterEach, describe, expect, test } from 'vitest';
import type { ConfigMap } from '../../src/domain/config/value.js';
import { diffMap } from '../../src/domain/config/overlay.js';
import { inspectRaw } from '../../src/domain/hgcroc/inspect.js';
import { HexaboardDriver } from '../../src/io/stand/hexaboard.js';
import type { HexaboardNetwork } from '../../src/domain/config/network.js';
import { startSimulator, type SimulatorOptions } from '../../src/simulator/simulator.js';
import { hexaboardStand, injectionState, MemorySink } from '../support/stand-fixtures.js';

const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const act of cleanUp.splice(0).reverse()) await act();
});

const never = new AbortController().signal;

async function open(options: SimulatorOptions = {}, changes: Partial<HexaboardNetwork> = {}) {
  const simulator = await startSimulator({ chips: 1, runSeconds: 0.01, ...options });
  cleanUp.push(() => simulator.close());
  const [stand] = simulator.stands;
  const driver = new HexaboardDriver(hexaboardStand(stand.ports, changes));
  cleanUp.push(() => driver.close());
  return { driver, stand };
}

async function begin(driver: HexaboardDriver, state: ConfigMap): Promise<void> {
  await driver.begin({ defaultState: state, state, runStartTdcProcedure: false }, never);
}

describe('a scan of a hexaboard', () => {
  test('gives whole runs of the events asked for', async () => {
    const { driver } = await open();
    await begin(driver, injectionState(0));
    const sink = new MemorySink();
    await driver.takeRun({ index: 0, state: injectionState(0), send: undefined, events: 50 }, sink, never);
    expect(inspectRaw(sink.bytes)).toMatchObject({ events: 50, records: 50, truncatedBytes: 0, corruptHalves: 0 });
  });

  test('measures with the registers of each run', async () => {
    const { driver } = await open();
    await begin(driver, injectionState(0));
    const files: Buffer[] = [];
    let before = injectionState(0);
    for (const [index, calib] of [0, 500, 0].entries()) {
      const state = injectionState(calib);
      const sink = new MemorySink();
      await driver.takeRun({ index, state, send: diffMap(before, state), events: 50 }, sink, never);
      files.push(sink.bytes);
      before = state;
    }
    expect(files[1].equals(files[0])).toBe(false);
    expect(files[2].equals(files[0])).toBe(true);
  });
});
