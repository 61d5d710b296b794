/**
 * Room: axes of a scan and their algebra: ranges, templates, patches.
 * May use: domain, domain/config, domain/config/yaml, domain/daq.
 */

import { nest, overlay, updateMap } from '../overlay.js';
import type { Axis, AxisSpec, Path } from '../procedure.js';
import { isList, isMap, type ConfigMap, type ConfigValue, type Scalar } from '../value.js';
import { adaptPath, adaptRoots, type RootLayout } from '../roots.js';

/** The axis as the plan uses it. */
export function makeAxis(spec: AxisSpec): Axis {
  const { name, unit, label } = spec;
  const names = { name, ...(unit === undefined ? {} : { unit }), ...(label === undefined ? {} : { label }), spec };
  if (spec.kind === 'zip') return { ...names, ...zipped(spec.members.map(makeAxis)) };
  if (spec.kind === 'key') {
    const patches = new Map<number, ConfigMap>();
    return {
      ...names,
      length: spec.values.length,
      defaults: new Map(),
      patch: (point) => remember(patches, point, () => patchAt(spec.paths, spec.values[point])),
      columns: (point) => new Map([[name, columnValue(spec.values[point], point)]]),
    };
  }
  return {
    ...names,
    length: spec.patches.length,
    defaults: spec.defaults,
    patch: (point) => spec.patches[point],
    columns: (point) => new Map([[name, spec.values[point]]]),
  };
}

/** Axes that move together: point i takes point i of each. */
function zipped(members: readonly Axis[]): Pick<Axis, 'length' | 'defaults' | 'patch' | 'columns'> {
  const patches = new Map<number, ConfigMap>();
  return {
    length: members[0].length,
    defaults: overlay(members.map((member) => member.defaults)),
    patch: (point) => remember(patches, point, () => overlay(members.map((member) => member.patch(point)))),
    columns: (point) => new Map(members.flatMap((member) => [...member.columns(point)])),
  };
}

/** A mapping that sets every path to the value. */
export function patchAt(paths: readonly Path[], value: ConfigValue): ConfigMap {
  let patch: ConfigMap = new Map();
  for (const path of paths) patch = updateMap(patch, nest(path, value));
  return patch;
}

/** What stands in a table's column: the value itself, or the point's index where it is no scalar. */
export function columnValue(value: ConfigValue, point: number): Scalar {
  return isMap(value) || isList(value) ? point : value;
}

/** Points of slow axes are asked for again and again; a cache of bounded size keeps memory constant. */
function remember(cache: Map<number, ConfigMap>, point: number, make: () => ConfigMap): ConfigMap {
  const known = cache.get(point);
  if (known !== undefined) return known;
  if (cache.size >= 4096) cache.clear();
  const made = make();
  cache.set(point, made);
  return made;
}

/** The axis with its daq parts moved to where the default configuration has them. */
export function adaptAxis(spec: AxisSpec, layout: RootLayout): AxisSpec {
  if (spec.kind === 'zip') return { ...spec, members: spec.members.map((member) => adaptAxis(member, layout)) };
  if (spec.kind === 'key') return { ...spec, paths: spec.paths.map((path) => adaptPath(path, layout)) };
  const patches = spec.patches.map((patch) => adaptRoots(patch, layout));
  return { ...spec, patches, defaults: adaptRoots(spec.defaults, layout) };
}
