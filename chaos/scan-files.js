import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultConfiguration } from '../dist/simulator/recorded-scan-files.js';

/** The scan's procedures that take data, in their order. */
export const daqProcedures = ['first', 'second', 'third'];
const events = 12;
const chips = 1;

/**
 * Writes a scan of `runs` runs or a few more: two axes in every procedure, an analysis of the first one, short time-outs.
 * @returns {{main: string, network: string, procedures: string[], runs: number}}
 */
export function writeScan(folder, runs, ports) {
  const phases = 4;
  const calibs = Math.ceil(runs / daqProcedures.length / phases);
  mkdirSync(folder, { recursive: true });
  const main = join(folder, 'main.yaml');
  const network = join(folder, 'network.yaml');
  writeFileSync(join(folder, 'default.yaml'), defaultConfiguration({ chips, events }));
  writeFileSync(
    main,
    `procedures:\n${daqProcedures.map((name, n) => daq(name, n, phases, calibs)).join('')}${analysis}`,
  );
  writeFileSync(network, networkFile(ports));
  return {
    main,
    network,
    procedures: ['first', 'fit', 'second', 'third'],
    runs: phases * calibs * daqProcedures.length,
  };
}

function daq(name, number, phases, calibs) {
  return `  - name: ${name}
    type: daq
    system_settings:
      default: default.yaml
      override:
        target:
          roc_s0:
            DigitalHalf: {0: {CalibrationSC: 1}, 1: {CalibrationSC: 1}}
            ReferenceVoltage: {0: {IntCtest: 1}, 1: {IntCtest: 1}}
            ch: {${10 + number}: {HighRange: 1}, ${40 + number}: {HighRange: 1}}
    parameters:
      - {key: [target, roc_s0, Top, 0, phase_strobe], values: {start: 0, stop: ${3 * phases}, step: 3}}
      - {key: [target, roc_s0, ReferenceVoltage, [0, 1], Calib], values: {start: 0, stop: ${calibs}, step: 1}}
`;
}

const analysis = '  - {name: fit, type: analysis, daq: first, module_name: injection_scan}\n';

function networkFile({ host, slowControl, daq, data }) {
  return `name: local
kind: hexaboard
server: {hostname: ${host}, sc_ctrl_port: ${slowControl}, daq_ctrl_port: ${daq}, data_port: ${data}}
timeouts: {command: 2, slow_control: 3, silence: 2, run: 30}
`;
}
