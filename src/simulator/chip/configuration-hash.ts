import { isList, isMap, type ConfigMap, type ConfigValue } from '../../domain/config/value.js';
import { mix, mixText, scramble } from './random.js';
import { powerOnValue } from './registers.js';

/**
 * A number for what the chips are set to, whatever the order and the history of the writes: a register that was
 * written with its power-on value is as one that was never written.
 */
export function registersHash(target: ConfigMap): number {
  let sum = 0;
  for (const [chip, blocks] of target) {
    if (!isMap(blocks)) continue;
    for (const [block, indices] of blocks) {
      if (!isMap(indices)) continue;
      for (const [index, parameters] of indices) {
        if (!isMap(parameters)) continue;
        const hash = parametersHash(String(block), parameters);
        if (hash !== 0) sum += mix(mixText(`${String(chip)}.${String(block)}.${String(index)}`), hash);
      }
    }
  }
  return sum >>> 0;
}

/** Registers are never changed in place, and most stay as they are from run to run. */
const known = new WeakMap<ConfigMap, { readonly block: string; readonly hash: number }>();

function parametersHash(block: string, parameters: ConfigMap): number {
  const before = known.get(parameters);
  if (before?.block === block) return before.hash;
  let hash = 0;
  for (const [parameter, value] of parameters) {
    const number = Number(value);
    if (number !== powerOnValue(block, String(parameter))) hash += mix(mixText(String(parameter)), number);
  }
  hash = hash === 0 ? 0 : scramble(hash);
  known.set(parameters, { block, hash });
  return hash;
}

/** A number for a part of a configuration, whatever the order in which it was written. */
export function contentHash(value: ConfigValue): number {
  return mixText(canonicalText(value));
}

function canonicalText(value: ConfigValue): string {
  if (isMap(value)) {
    const entries = [...value].map(([key, child]) => `${JSON.stringify(key)}:${canonicalText(child)}`);
    return `{${entries.sort().join(',')}}`;
  }
  if (isList(value)) return `[${value.map(canonicalText).join(',')}]`;
  return JSON.stringify(value);
}
