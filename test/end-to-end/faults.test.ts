import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inspectRaw } from '../support/raw/inspect.js';
import { HexaboardDriver } from '../../src/io/stand/hexaboard/hexaboard.js';
import type { FaultName } from '../../src/simulator/faults.js';
import { startSimulator } from '../../src/simulator/simulator.js';
import { failingFaults } from '../support/stand/failing-faults.js';
import { takeScan, type ScanOutcome } from '../support/temporal/scan-loop.js';
import { hexaboardStand, injectionState } from '../support/stand/stand-fixtures.js';

const runs = 100;
const states = Array.from({ length: runs }, (_, run) => injectionState(7 * run, 20));
const cleanUp: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const act of cleanUp.splice(0).reverse()) await act();
});

async function scan(name?: FaultName): Promise<ScanOutcome> {
  const simulator = await startSimulator({
    chips: 1,
    runSeconds: 0.002,
    eventsPerMessage: 5,
    outageSeconds: 0.3,
    slowSeconds: 0.05,
    faults: name === undefined ? [] : [{ name, rate: 0.06 }],
  });
  cleanUp.push(() => simulator.close());
  const { network, timeouts } = hexaboardStand(simulator.stands[0].ports, { readback: name === 'readback' });
  // longer than between two looks at the server's state, which must come first, also on a busy machine
  const short = { ...timeouts, command: 1, silence: 0.8, run: 1.5 };
  const driver = new HexaboardDriver({ network, timeouts: short });
  cleanUp.push(() => driver.close());
  return takeScan(driver, states);
}

let undisturbed: ScanOutcome;
beforeAll(async () => {
  undisturbed = await scan();
});

describe(`${runs} runs in which a stand fails now and then`, () => {
  test('without faults, for comparison', () => {
    expect(undisturbed.failures).toEqual([]);
    expect(undisturbed.files.map((file) => inspectRaw(file).events)).toEqual(states.map(() => 20));
  });

  test.each(failingFaults)('%s: the right class, and no run lost', async (name, types, message) => {
    const { files, failures } = await scan(name);
    expect(failures.length).toBeGreaterThan(2);
    for (const failure of failures) expect(types, failure.message).toContain(failure.type);
    expect(failures.map((failure) => failure.message).join('\n')).toMatch(message);
    expect(files.length).toBe(runs);
    expect(files.findIndex((file, run) => !file.equals(undisturbed.files[run]))).toBe(-1);
  });

  test('slow: no failure, and the same bytes', async () => {
    const { files, failures } = await scan('slow');
    expect(failures).toEqual([]);
    expect(files.findIndex((file, run) => !file.equals(undisturbed.files[run]))).toBe(-1);
  });

  test('corrupt: the halves are kept and counted', async () => {
    const { files, failures } = await scan('corrupt');
    expect(failures).toEqual([]);
    const facts = files.map((file) => inspectRaw(file));
    expect(facts.every(({ events }) => events === 20)).toBe(true);
    expect(facts.filter(({ corruptHalves }) => corruptHalves > 0).length).toBeGreaterThan(2);
  });

  test('truncated: the whole records are kept, and the rest is counted', async () => {
    const { files, failures } = await scan('truncated');
    expect(failures).toEqual([]);
    const facts = files.map((file) => inspectRaw(file));
    expect(
      facts.filter(({ events, truncatedBytes }) => events === 19 && truncatedBytes === 352).length,
    ).toBeGreaterThan(2);
    expect(facts.filter(({ events }) => events === 20).length).toBeGreaterThan(80);
  });
});
