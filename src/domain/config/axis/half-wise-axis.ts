import { withOwnChannels } from '../../daq/half-wise.js';
import type { Axis } from '../procedure.js';
import { report, type Section } from '../yaml/validate.js';
import { isMap, type ConfigMap } from '../value.js';

/**
 * Warns of an axis over `HalfWise` that channels do not follow: those that have the parameter of their own keep it, so
 * such a scan may measure the same thing at every point.
 * @param state default and init together, which the axis is laid on
 */
export function warnOfOwnChannels(section: Section, axis: Axis, state: ConfigMap): void {
  const [patch, target] = [axis.patch(0).get('target'), state.get('target')];
  if (!isMap(patch) || !isMap(target)) return;
  for (const [chip, blocks] of withOwnChannels(patch, target)) {
    const set = patch.get(chip);
    if (!isMap(blocks) || !isMap(set)) continue;
    const kept = [...blocks].flatMap(([block, channels]) => newKeys(channels, set.get(block)));
    if (kept.length === 0) continue;
    report(section, `${kept.length} channels of ${String(chip)} do not follow the axis '${axis.name}' over HalfWise`, {
      severity: 'warning',
      remedy: 'they have the parameter of their own: scan the channels, or take it out of their configuration',
    });
  }
}

function newKeys(now: unknown, before: unknown): unknown[] {
  const [all, known] = [now, before].map((value) => (value instanceof Map ? [...value.keys()] : []));
  return all.filter((key) => !known.includes(key));
}
