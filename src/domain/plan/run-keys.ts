import { overlay, updateMap } from '../config/overlay.js';
import type { Axis } from '../config/procedure.js';
import { isMap, type ConfigMap, type ConfigValue, type Key } from '../config/value.js';
import { addChange, addContent, addHash, emptySum, type ContentSum } from './content-sum.js';
import { maxWords, sha256, sha256Words, toHex } from './sha256.js';

/** Points whose contribution is kept per axis. */
const cacheSize = 65_536;

/** What besides the configuration decides what is measured. */
export interface KeyFacts {
  readonly board?: string | undefined;
  readonly runStartTdcProcedure: boolean;
}

/**
 * Makes run keys without making configurations: the content of the start state is summed up once, every axis' share
 * once per point, and a run's key is the hash of their sum. Where axes touch the same parameter, or turn a value into a
 * mapping, shares do not add up, and the change is summed up run by run.
 */
export class RunKeys {
  private readonly base: ContentSum = emptySum();
  private readonly state: ConfigMap;
  private readonly shares: Map<number, ContentSum>[];
  private readonly separable: boolean;
  /** The sum of a run, its repeat index and a hash of the facts, as they are hashed. */
  private readonly words = new Uint32Array(maxWords);

  constructor(
    private readonly startState: ConfigMap,
    private readonly axes: readonly Axis[],
    facts: KeyFacts,
  ) {
    const defaults = overlay(axes.map((axis) => axis.defaults));
    this.separable = isSimple(startState, defaults) && areSeparable(updateMap(startState, defaults), axes);
    this.state = this.separable ? updateMap(startState, defaults) : startState;
    addContent(this.base, this.state, [], 1);
    this.shares = axes.map(() => new Map());
    this.words.set(sha256(JSON.stringify([facts.board ?? null, facts.runStartTdcProcedure])).subarray(0, 4), 9);
  }

  /** Key of the run that has these points of the axes, hexadecimal. `patch` is asked for only where it is needed. */
  key(points: readonly number[], repeat: number, patch: () => ConfigMap): string {
    const sum = this.words.subarray(0, 8);
    sum.set(this.base);
    if (this.separable)
      for (let axis = 0; axis < points.length; axis++) addHash(sum, this.share(axis, points[axis]), 1);
    else addChange(sum, this.startState, patch(), []);
    this.words[8] = repeat;
    return toHex(sha256Words(this.words));
  }

  private share(axis: number, point: number): ContentSum {
    const known = this.shares[axis].get(point);
    if (known !== undefined) return known;
    const share = emptySum();
    addChange(share, this.state, this.axes[axis].patch(point), []);
    if (this.shares[axis].size >= cacheSize) this.shares[axis].clear();
    this.shares[axis].set(point, share);
    return share;
  }
}

/** Whether no two axes touch the same part of the state. */
function areSeparable(state: ConfigMap, axes: readonly Axis[]): boolean {
  const owner = new Map<string, number>();
  for (const [index, axis] of axes.entries()) {
    for (let point = 0; point < pointsToLookAt(axis); point++) {
      const touched = touchedParts(state, axis.patch(point), []);
      if (touched === undefined) return false;
      for (const part of touched) {
        if ((owner.get(part) ?? index) !== index) return false;
        owner.set(part, index);
      }
    }
  }
  return true;
}

/** The points of an axis that sets the same registers at each: one says all. */
function pointsToLookAt(axis: Axis): number {
  const { spec } = axis;
  return spec.kind === 'key' && spec.values.every((value) => !isMap(value)) ? 1 : axis.length;
}

function isSimple(state: ConfigMap, patch: ConfigMap): boolean {
  return touchedParts(state, patch, []) !== undefined;
}

/** Paths at which the patch ends in the state (or leaves it); undefined where a mapping meets something else. */
function touchedParts(below: ConfigValue | undefined, above: ConfigValue, path: readonly Key[]): string[] | undefined {
  if (below === undefined) return [JSON.stringify(path)];
  if (!isMap(below) && !isMap(above)) return [JSON.stringify(path)];
  if (!isMap(below) || !isMap(above)) return undefined;
  const parts: string[] = [];
  for (const [key, value] of above) {
    const touched = touchedParts(below.get(key), value, [...path, key]);
    if (touched === undefined) return undefined;
    parts.push(...touched);
  }
  return parts;
}
