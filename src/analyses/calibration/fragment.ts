import type { ConfigMap, ConfigValue, Key } from '../../domain/config/value.js';
import { blockName } from '../data/channels.js';
import type { Equalisation } from './equalise.js';

/** Names of the registers that a calibration sets. */
export interface Registers {
  readonly trim: string;
  readonly reference: string;
}

/** An equalisation as a configuration: `target: roc_s0: {ch: {0: {trim_inv: 17}}, ReferenceVoltage: …}`. */
export function calibrationFragment({ channels, references }: Equalisation, registers: Registers): ConfigMap {
  const settings: [Key[], number][] = [
    ...references.map(({ chip, half, value }): [Key[], number] => {
      return [[`roc_s${chip}`, 'ReferenceVoltage', half, registers.reference], value];
    }),
    ...channels.flatMap(({ chip, type, channel, trim }): [Key[], number][] =>
      trim === undefined ? [] : [[[`roc_s${chip}`, blockName(type), channel, registers.trim], trim]],
    ),
  ];
  const root = new Map<Key, ConfigValue>();
  for (const [path, value] of settings) setAt(root, ['target', ...path], value);
  return root;
}

function setAt(root: Map<Key, ConfigValue>, path: readonly Key[], value: ConfigValue): void {
  const [key, ...rest] = path;
  if (rest.length === 0) {
    root.set(key, value);
    return;
  }
  const found = root.get(key);
  const next = found instanceof Map ? found : new Map<Key, ConfigValue>();
  root.set(key, next);
  setAt(next, rest, value);
}
