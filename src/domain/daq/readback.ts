import { isMap, type ConfigMap, type ConfigValue, type Key } from '../config/value.js';

/** A register that does not hold what was written. */
export interface RegisterDifference {
  /** `roc_s0.ch.10.HighRange`. */
  readonly register: string;
  readonly written: ConfigValue;
  readonly read: ConfigValue | undefined;
}

/** Registers of `written` that `read` lacks or holds otherwise; true and 1, false and 0 are the same. */
export function registerDifferences(
  written: ConfigMap,
  read: ConfigMap,
  path: readonly Key[] = [],
): readonly RegisterDifference[] {
  return [...written].flatMap(([key, value]) => {
    const here = [...path, key];
    const found = read.get(key);
    if (isMap(value)) return registerDifferences(value, isMap(found) ? found : new Map(), here);
    return asNumber(value) === asNumber(found) ? [] : [{ register: here.join('.'), written: value, read: found }];
  });
}

function asNumber(value: ConfigValue | undefined): ConfigValue | undefined {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** At most `limit` differences as text: `roc_s0.ch.10.HighRange: wrote 1, read 0`. */
export function describeDifferences(differences: readonly RegisterDifference[], limit = 5): string {
  const lines = differences
    .slice(0, limit)
    .map(({ register, written, read }) => `${register}: wrote ${String(written)}, read ${String(read ?? 'nothing')}`);
  const rest = differences.length - lines.length;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}
