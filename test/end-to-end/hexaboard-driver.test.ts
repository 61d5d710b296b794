import { afterEach, describe, expect, test } from 'vitest';
import type { HexaboardNetwork } from '../../src/domain/config/network/network.js';
import { diffMap, updateMap } from '../../src/domain/config/overlay.js';
import { valueAt, type ConfigMap } from '../../src/domain/config/value.js';
import { inspectRaw } from '../support/raw/inspect.js';
import { HexaboardDriver } from '../../src/io/stand/hexaboard/hexaboard.js';
import { startSimulator, type SimulatorOptions } from '../../src/simulator/simulator.js';
import { takeScan } from '../support/temporal/scan-loop.js';
import { state } from '../support/plans/configurations.js';
import { hexaboardStand, injectionState, MemorySink } from '../support/stand/stand-fixtures.js';

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
  return { driver, stand, simulator };
}

async function begin(driver: HexaboardDriver, state: ConfigMap, runStartTdcProcedure = false): Promise<void> {
  await driver.begin({ defaultState: state, state, runStartTdcProcedure }, never);
}

const first = (state: ConfigMap, events = 50) => ({ index: 0, state, send: undefined, events });
const states = [0, 500, 0, 900, 500].map((calib) => injectionState(calib));

describe('a scan of a hexaboard', () => {
  test('gives whole runs of the events asked for', async () => {
    const { driver } = await open();
    await begin(driver, injectionState(0));
    const sink = new MemorySink();
    await driver.takeRun(first(injectionState(0)), sink, never);
    expect(inspectRaw(sink.bytes)).toMatchObject({ events: 50, records: 50, truncatedBytes: 0, corruptHalves: 0 });
  });

  test('measures every run with its own registers, whatever was prepared', async () => {
    const { files } = await takeScan((await open()).driver, states);
    expect(files[2].equals(files[0])).toBe(true);
    expect(files[4].equals(files[1])).toBe(true);
    expect(new Set(files.map((file) => file.toString('latin1'))).size).toBe(3);

    const { driver } = await open();
    await begin(driver, states[0]);
    const prepared: Buffer[] = [];
    for (const [index, state] of states.entries()) {
      const sink = new MemorySink();
      const send = index === 0 ? undefined : diffMap(states[index - 1], state);
      const taking = driver.takeRun({ index, state, send, events: 50 }, sink, never);
      // the fourth run is announced in vain: another one is taken
      const next = states[index === 2 ? 1 : index + 1];
      if (next !== undefined) driver.prepare({ index: index + 1, state: next, send: diffMap(state, next), events: 50 });
      await taking;
      prepared.push(sink.bytes);
    }
    expect(prepared.map((file, run) => file.equals(files[run]))).toEqual([true, true, true, true, true]);
  });

  test('goes on where the services come back with another state', async () => {
    const { driver, stand, simulator } = await open();
    await begin(driver, states[0]);
    simulator.close();
    await expect(driver.takeRun(first(states[0]), new MemorySink(), never)).rejects.toMatchObject({
      type: 'LinkError',
    });
    const again = await startSimulator({ chips: 1, runSeconds: 0.01, ports: [stand.ports] });
    cleanUp.push(() => again.close());
    expect((await takeScan(driver, states)).failures).toEqual([]);
  });

  test('ends within a run when it is aborted, and begins again afterwards', async () => {
    const { driver } = await open({ runSeconds: 0.3 });
    await begin(driver, states[0]);
    const stop = new AbortController();
    const sink = new MemorySink();
    const taking = driver.takeRun(first(states[0]), sink, stop.signal);
    stop.abort(new Error('enough'));
    await expect(taking).rejects.toThrow('enough');
    await driver.quiet(never);
    expect((await takeScan(driver, states.slice(0, 2))).failures).toEqual([]);
  });

  test('refuses a configuration that the chips do not have', async () => {
    const { driver } = await open();
    const wrong = updateMap(states[0], state({ target: { roc_s0: { ch: { 10: { HighRang: 1 } } } } }));
    await expect(begin(driver, wrong)).rejects.toMatchObject({ type: 'RefusedError' });
    await expect(begin(driver, wrong)).rejects.toThrow('HighRang');
    const tooLarge = updateMap(states[0], state({ target: { roc_s0: { Top: { 0: { phase_strobe: 16 } } } } }));
    await expect(begin(driver, tooLarge)).rejects.toThrow('phase_strobe');
  });

  test('reads the whole state of the chips after a run, and starts the master TDCs', async () => {
    const { driver } = await open({}, { fullReadback: true, readback: true });
    await begin(driver, states[1], true);
    const { chipState } = await driver.takeRun(first(states[1]), new MemorySink(), never);
    const read = (...path: (string | number)[]) => valueAt(chipState ?? new Map(), ['roc_s0', ...path]);
    expect(read('ReferenceVoltage', 1, 'Calib')).toBe(500);
    expect(read('ch', 11, 'HighRange')).toBe(0);
    expect(read('MasterTdc', 0, 'VD_CTDC_P_D')).toBe(16);
    expect(read('MasterTdc', 1, 'VD_FTDC_P_DAC_EN')).toBe(1);
    expect(read('MasterTdc', 1, 'EN_MASTER_FTDC_VOUT_INIT')).toBe(0);
  });

  test('gives the bytes that the daq client writes', async () => {
    const own = await takeScan((await open()).driver, states);
    const byClient = await takeScan((await open({}, { useClient: true })).driver, states);
    expect(byClient.failures).toEqual([]);
    expect(byClient.files.map((file, run) => file.equals(own.files[run]))).toEqual(states.map(() => true));
  });
});
