import { makeAxis } from '../../../src/domain/config/axis/axis.js';
import type { AxisSpec, DaqProcedure } from '../../../src/domain/config/procedure.js';
import { isMap, type ConfigMap } from '../../../src/domain/config/value.js';
import { parseYaml } from '../../../src/domain/config/yaml/yaml.js';

/** A mapping from YAML text. */
export function mapping(text: string): ConfigMap {
  const value = parseYaml(text);
  if (!isMap(value)) throw new Error(`no mapping: ${text}`);
  return value;
}

/** A DAQ procedure in memory, from YAML texts and axes. */
export function daqProcedure(
  parts: Partial<Omit<DaqProcedure, 'axes' | 'defaultState' | 'initState'>> & {
    readonly defaults: string;
    readonly init?: string;
    readonly axes?: readonly AxisSpec[];
  },
): DaqProcedure {
  const { defaults, init = '{}', axes = [], ...others } = parts;
  return {
    type: 'daq',
    name: 'scan',
    mode: 'summary',
    dataFormat: 'raw',
    dataColumns: [],
    merge: true,
    repeat: 1,
    runStartTdcProcedure: false,
    calibration: [],
    allowNewParameters: false,
    ...others,
    defaultState: mapping(defaults),
    initState: mapping(init),
    axes: axes.map(makeAxis),
  };
}
