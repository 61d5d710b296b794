import type { ConfigMap } from '../config/value.js';

/** Chips of a target part by their names (`roc_s0` …); other keys are no chips. */
export function chipNames(target: ConfigMap): readonly string[] {
  return [...target.keys()].filter((key): key is string => typeof key === 'string' && key.startsWith('roc_s'));
}

const held = { EN_MASTER_CTDC_VOUT_INIT: 1, EN_MASTER_FTDC_VOUT_INIT: 1 };
const driven = { VD_CTDC_P_DAC_EN: 1, VD_CTDC_P_D: 16, VD_FTDC_P_DAC_EN: 1, VD_FTDC_P_D: 16 };
const released = { EN_MASTER_CTDC_VOUT_INIT: 0, EN_MASTER_FTDC_VOUT_INIT: 0 };

/** The two writes that start the master TDCs of all chips: hold and drive their control voltage, then let go. */
export function tdcStartWrites(chips: readonly string[]): readonly [ConfigMap, ConfigMap] {
  return [masterTdcs(chips, { ...held, ...driven }), masterTdcs(chips, released)];
}

function masterTdcs(chips: readonly string[], parameters: Readonly<Record<string, number>>): ConfigMap {
  const both = new Map([0, 1].map((index) => [index, new Map(Object.entries(parameters))]));
  return new Map(chips.map((chip) => [chip, new Map([['MasterTdc', both]])]));
}
