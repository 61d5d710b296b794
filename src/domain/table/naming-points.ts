import type { Axis, AxisSpec } from '../config/procedure.js';
import { isList, isMap, type ConfigValue } from '../config/value.js';

/**
 * Points of an axis whose patches together name everything that the axis ever sets. Registers of chips are the same
 * ones at every point, so that a few points stand for thousands.
 */
export function namingPoints(axis: Axis): Iterable<number> {
  return pointsOf(axis.spec) ?? Array(axis.length).keys();
}

/** Undefined where every point must be looked at. */
function pointsOf(spec: AxisSpec): readonly number[] | undefined {
  if (spec.kind === 'zip') {
    const members = spec.members.map(pointsOf);
    return members.every((points) => points !== undefined) ? [...new Set(members.flat())] : undefined;
  }
  if (spec.kind !== 'key' || spec.paths.some(([root]) => root !== 'target')) return undefined;
  const first = spec.values.findIndex((value) => value !== null && !isNested(value)); // a null is no value
  const nested = [...spec.values.keys()].filter((point) => isNested(spec.values[point]));
  return [...new Set([0, Math.max(first, 0), ...nested])];
}

function isNested(value: ConfigValue): boolean {
  return isMap(value) || isList(value);
}
