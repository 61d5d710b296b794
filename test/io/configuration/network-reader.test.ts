import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordedFile, type RecordedNetwork } from '../../../src/domain/config/network/network.js';
import { readNetwork } from '../../../src/io/configuration/network-reader.js';
import { mapping } from '../../support/plans/daq-procedure.js';
import { root, temporaryFolder } from '../../support/disk/folders.js';

const folder = temporaryFolder();
async function network(text: string) {
  writeFileSync(join(folder, 'network.yaml'), text);
  return readNetwork(join(folder, 'network.yaml'));
}

describe('readNetwork', () => {
  it.each([
    ['server: {hostname: a}', 'hexaboard'],
    ['{target: {hostname: a, port: 5555}, server: {hostname: b, port: 6000}}', 'hexaboard'],
    ['{server: {hostname: a}, daq_coordinator: {hostname: c}}', 'hexaboard'],
    ['daq_coordinator: {hostname: c, port: 5000}', 'coordinator'],
    ['{kind: coordinator, server: {hostname: a}, daq_coordinator: {hostname: c}}', 'coordinator'],
    ['{client: {hostname: a}, daq_coordinator: {hostname: c}}', 'coordinator'],
    ['{kind: recorded, folder: x, file: a.raw}', 'recorded'],
  ])('%s is of kind %s', async (text, kind) => expect(await network(text)).toMatchObject({ kind }));

  it('reads the present and the older spelling, with the usual ports', async () => {
    expect(await network('server: {hostname: a}')).toMatchObject({
      slowControl: { hostname: 'a', port: 5555 },
      daqServer: { hostname: 'a', port: 6000 },
      data: { hostname: 'a' },
      useClient: false,
    });
    expect(await network('{target: {hostname: t, port: "5556"}, server: {hostname: d, port: 6002}}')).toMatchObject({
      slowControl: { hostname: 't', port: 5556 },
      daqServer: { hostname: 'd', port: 6002 },
    });
    const all =
      '{name: bench-1, server: {hostname: a, sc_ctrl_port: 1, daq_ctrl_port: 2, data_port: 3}, client: {hostname: b, port: 4}, use_client: true, readback: true, run_seconds: 2, slow_readings: {command: [sensors, -x], every: 10}}';
    expect(await network(all)).toMatchObject({
      name: 'bench-1',
      slowControl: { port: 1 },
      daqServer: { port: 2 },
      data: { port: 3 },
      client: { hostname: 'b', port: 4 },
      useClient: true,
      readback: true,
      runSeconds: 2,
      slowReadings: { command: ['sensors', '-x'], everySeconds: 10 },
    });
  });

  it('finds the recorded file of a run from its configuration', async () => {
    const recorded = (await readNetwork(join(root, 'config-examples/network/recorded.yaml'))) as RecordedNetwork;
    expect(recorded.folder).toBe(join(root, 'recorded'));
    const state = (phase: string) =>
      mapping(`target: {roc_s0: {ReferenceVoltage: {0: {Calib: 384}}, Top: {0: {${phase}}}}}`);
    expect(recordedFile(recorded, state('phase_strobe: 3'))).toBe('test_run_52.raw');
    expect(recordedFile(recorded, state('EN: 3'))).toBe('test_run_4.raw');
    expect(() => recordedFile(recorded, mapping('target: {}'))).toThrow(
      /no 'target\.roc_s0\.ReferenceVoltage\.0\.Calib'/,
    );
  });

  it.each([
    ['{}', /names no daq server/],
    ['server: {hostname: a, prt: 1}', /unknown field 'prt'[\s\S]*'port'/],
    ['server: {hostname: a, port: 99999}', /'server\.port' of the network file must be/],
    ['{kind: hexabord, server: {hostname: a}}', /one of hexaboard, coordinator, recorded/],
    ['{kind: recorded, folder: x}', /without 'file'/],
    [
      '{kind: recorded, folder: x, file: "{{ fase }}.raw", parameters: {phase: {key: [roc_s0, Top, 0, phase]}}}',
      /'fase' is undefined[\s\S]*phase/,
    ],
    ['{kind: coordinator, server: {hostname: a}}', /without a daq_coordinator/],
    ['{name: "my stand", server: {hostname: a}}', /'name' of the network file/],
    ['{use_client: true, server: {hostname: a}}', /without a client/],
    ['[1]', /must be a mapping/],
  ])('%s is an error with its place', async (text, message) => {
    await expect(network(text)).rejects.toThrow(message);
    await expect(network(text)).rejects.toThrow(/network\.yaml:\d+:\d+: /);
  });
});
