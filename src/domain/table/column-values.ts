import { updateMap } from '../config/overlay.js';
import type { Axis } from '../config/procedure.js';
import type { ConfigMap } from '../config/value.js';
import { summaryOrder } from '../hgcroc/channels.js';
import { ChipParameters, chipsOf, forEachParameter, isScalar } from './chip-parameters.js';
import { ValueRange, type IntegerTypes } from './column-type.js';
import { generatorColumns } from './generator-columns.js';
import type { ColumnType } from './schema.js';

/** Bounds of a parameter's register in a block, where they are known. */
export type RangeLookup = (
  block: string,
  parameter: string,
) => { readonly min: number; readonly max: number } | undefined;

export interface ValuesOptions {
  readonly ranges?: RangeLookup | undefined;
  readonly integers?: IntegerTypes | undefined;
  /** The points to look at; all where it is missing. */
  readonly pointsOf?: (axis: Axis) => Iterable<number>;
}

/**
 * All values that configuration columns can take in a procedure: those of the start state, of every point of every
 * axis, and the bounds of the registers.
 */
export class ColumnValues {
  readonly parameters = new Map<string, ValueRange>();
  readonly generators = new Map<string, ValueRange>();
  private readonly axisValues = new Map<string, ValueRange>();
  private readonly bounded = new Set<string>();

  constructor(
    private readonly startState: ConfigMap,
    axes: readonly Axis[],
    private readonly options: ValuesOptions = {},
  ) {
    this.addState(startState, startState);
    for (const axis of axes) this.addAxis(axis, (options.pointsOf ?? allPoints)(axis));
  }

  get axisColumns(): readonly string[] {
    return [...this.axisValues.keys()];
  }

  /** Takes all channels of all chips into account: one without a value needs a type that can say so. */
  parameterType(name: string): ColumnType {
    const range = this.parameters.get(name) ?? new ValueRange();
    for (const chip of chipsOf(this.startState).values()) {
      const parameters = new ChipParameters(chip);
      const missing = summaryOrder.some(
        (channel) =>
          parameters.halfValue(name, channel.half) === undefined &&
          parameters.channelValue(name, channel) === undefined,
      );
      if (missing) range.addMissing();
    }
    return range.type(this.options.integers);
  }

  generatorType(name: string): ColumnType {
    return (this.generators.get(name) ?? new ValueRange()).type(this.options.integers);
  }

  axisType(name: string): ColumnType {
    return (this.axisValues.get(name) ?? new ValueRange()).type(this.options.integers);
  }

  private addAxis(axis: Axis, points: Iterable<number>): void {
    this.addState(axis.defaults, updateMap(this.startState, axis.defaults));
    for (const point of points) {
      const patch = axis.patch(point);
      this.addState(patch, touchesOnlyChips(patch) ? undefined : updateMap(this.startState, patch));
      for (const [name, value] of axis.columns(point)) {
        const range = rangeOf(this.axisValues, name);
        if (isScalar(value)) range.add(value);
        else range.addMissing();
      }
    }
  }

  /** Adds the bounds of a register, once for every block that has it. */
  private addBounds(block: string, name: string): void {
    const place = `${block} ${name}`;
    if (this.bounded.has(place)) return;
    this.bounded.add(place);
    const bounds = this.options.ranges?.(block, name);
    if (bounds === undefined) return;
    rangeOf(this.parameters, name).add(bounds.min);
    rangeOf(this.parameters, name).add(bounds.max);
  }

  /** Adds the chips' part of a patch, and the daq part of the whole configuration that comes of it. */
  private addState(patch: ConfigMap, whole: ConfigMap | undefined): void {
    forEachParameter(patch, (name, value, block) => {
      rangeOf(this.parameters, name).add(value);
      if (typeof value === 'number') this.addBounds(block, name);
    });
    if (whole === undefined) return;
    for (const [name, value] of generatorColumns(whole)) rangeOf(this.generators, name).add(value);
  }
}

function allPoints(axis: Axis): Iterable<number> {
  return Array(axis.length).keys();
}

function touchesOnlyChips(patch: ConfigMap): boolean {
  return [...patch.keys()].every((root) => root === 'target');
}

function rangeOf(ranges: Map<string, ValueRange>, name: string): ValueRange {
  const found = ranges.get(name) ?? new ValueRange();
  ranges.set(name, found);
  return found;
}
