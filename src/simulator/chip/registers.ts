import { isMap, valueAt, type ConfigMap, type ConfigValue, type Key } from '../../domain/config/value.js';
import { blocks } from './parameters.js';

/** Registers of one chip, `{block: {index: {parameter: value}}}`, with power-on values where nothing was written. */
export class Registers {
  constructor(private readonly written: ConfigMap) {}

  get(block: string, index: number, parameter: string): number {
    const path: readonly Key[] = [block, index, parameter];
    const value = valueAt(this.written, path);
    if (typeof value === 'number') return value;
    if (typeof value === 'boolean') return value ? 1 : 0;
    return powerOnValue(block, parameter);
  }
}

/** Value of a parameter that nothing was written to. */
export function powerOnValue(block: string, parameter: string): number {
  return blocks[block]?.parameters[parameter]?.[1] ?? 0;
}

/** The registers written of chip `roc_s<chip>`; empty where there are none. */
export function registersOf(target: ConfigMap, chip: number): Registers {
  const written = target.get(`roc_s${chip}`);
  return new Registers(isMap(written) ? written : new Map());
}

/**
 * What is wrong with a register's path `[chip, block, index, parameter]` or with a value for it; undefined where
 * nothing is. Without `value` only the path is checked.
 */
export function registerProblem(chips: number, path: readonly Key[], value?: ConfigValue): string | undefined {
  const [chip, block, index, parameter, ...deeper] = path;
  const place = path.join('.');
  const known = Object.hasOwn(blocks, String(block)) ? blocks[String(block)] : undefined;
  if (!chipNames(chips).includes(String(chip))) return `unknown chip '${String(chip)}' in ${place}`;
  if (known === undefined) return `unknown block '${String(block)}' in ${place}`;
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= known.count) {
    return `unknown index ${JSON.stringify(index)} in ${place}`;
  }
  const range = Object.hasOwn(known.parameters, String(parameter)) ? known.parameters[String(parameter)] : undefined;
  if (range === undefined || deeper.length > 0) return `unknown parameter '${String(parameter)}' in ${place}`;
  if (value === undefined) return undefined;
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= range[0]) return undefined;
  return `value ${String(value)} of ${place} is out of range 0 … ${range[0]}`;
}

/** What exists on a board and its range: `{board: {chip: {block: {index: {parameter: {min, max}}}}}}`. */
export function boardDescription(chips: number): ConfigMap {
  const chip: ConfigMap = new Map(
    Object.entries(blocks).map(([name, { count, parameters }]) => {
      const ranges = new Map(Object.entries(parameters).map(([parameter, [max]]) => [parameter, range(max)]));
      return [name, new Map(Array.from({ length: count }, (_, index) => [index, ranges]))];
    }),
  );
  const board = chips > 3 ? 'HD hexaboard' : 'LD hexaboard';
  return new Map([[board, new Map(chipNames(chips).map((name) => [name, chip]))]]);
}

function range(max: number): ConfigMap {
  return new Map([
    ['min', 0],
    ['max', max],
  ]);
}

function chipNames(chips: number): readonly string[] {
  return Array.from({ length: chips }, (_, chip) => `roc_s${chip}`);
}
