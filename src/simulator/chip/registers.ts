import { isMap, valueAt, type ConfigMap, type ConfigValue, type Key } from '../../domain/config/value.js';
import { updateMap } from '../../domain/config/overlay.js';
import { registerBlocks, registerRange } from '../../domain/config/registers/registers.js';

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
  return registerRange(block, parameter)?.default ?? 0;
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
  const known = registerBlocks.get(String(block));
  if (!chipNames(chips).includes(String(chip))) return `unknown chip '${String(chip)}' in ${place}`;
  if (known === undefined) return `unknown block '${String(block)}' in ${place}`;
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= known.count) {
    return `unknown index ${JSON.stringify(index)} in ${place}`;
  }
  const range = known.parameters.get(String(parameter));
  if (range === undefined || deeper.length > 0) return `unknown parameter '${String(parameter)}' in ${place}`;
  if (value === undefined) return undefined;
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= range.min && number <= range.max) {
    return undefined;
  }
  return `value ${String(value)} of ${place} is out of range ${range.min} … ${range.max}`;
}

/** What exists on a board and its range: `{board: {chip: {block: {index: {parameter: {min, max}}}}}}`. */
export function boardDescription(chips: number): ConfigMap {
  const chip: ConfigMap = new Map(
    [...registerBlocks].map(([name, { count, parameters }]) => {
      const ranges = new Map([...parameters].map(([parameter, { min, max }]) => [parameter, range(min, max)]));
      return [name, new Map(Array.from({ length: count }, (_, index) => [index, ranges]))];
    }),
  );
  const board = chips > 3 ? 'HD hexaboard' : 'LD hexaboard';
  return new Map([[board, new Map(chipNames(chips).map((name) => [name, chip]))]]);
}

function range(min: number, max: number): ConfigMap {
  return new Map([
    ['min', min],
    ['max', max],
  ]);
}

function chipNames(chips: number): readonly string[] {
  return Array.from({ length: chips }, (_, chip) => `roc_s${chip}`);
}

/** Registers as they are stored: what was written to the block `HalfWise` stands in every channel of the half. */
export function spreadHalfWise(values: ConfigMap): ConfigMap {
  return new Map([...values].map(([chip, blocks]) => [chip, isMap(blocks) ? spreadChip(blocks) : blocks]));
}

function spreadChip(blocks: ConfigMap): ConfigMap {
  const halfWise = blocks.get('HalfWise');
  if (!isMap(halfWise)) return blocks;
  let spread: ConfigMap = new Map();
  for (const [half, parameters] of halfWise) {
    for (const [block, perHalf] of [['ch', 36] as const, ['calib', 1] as const, ['cm', 2] as const]) {
      const first = Number(half) * perHalf;
      const indices = Array.from({ length: perHalf }, (_, n): [Key, ConfigValue] => [first + n, parameters]);
      spread = updateMap(spread, new Map([[block, new Map(indices)]]));
    }
  }
  return updateMap(spread, new Map([...blocks].filter(([block]) => block !== 'HalfWise')));
}
