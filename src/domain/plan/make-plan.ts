import { layCalibrations } from '../config/calibration.js';
import { diffMap, overlay, updateMap } from '../config/overlay.js';
import type { Axis, DaqProcedure } from '../config/procedure.js';
import type { ConfigMap } from '../config/value.js';
import type { ScanPlan } from './plan.js';
import type { Origin } from '../scan/origin.js';
import { pointsAt } from './point-order.js';
import { RunKeys } from './run-keys.js';

/**
 * The plan of a DAQ procedure with calibrations laid on its init state, in order.
 * Throws ConfigError where a calibration does not fit the default configuration.
 */
export function makePlan(
  procedure: DaqProcedure,
  calibrations: readonly ConfigMap[] = [],
  origin: Origin = {},
): ScanPlan {
  const { axes, repeat, defaultState } = procedure;
  const startState = updateMap(defaultState, layCalibrations(procedure, calibrations));
  const lengths = axes.map((axis) => axis.length);
  const sequence = lengths.reduce((product, length) => product * length, 1);
  const runs = sequence * repeat;
  const patchOf = patches(axes);
  const points = (run: number) =>
    pointsAt(checked(run, runs) % sequence, lengths, procedure.order ?? { kind: 'linear' });
  const repeatOf = (run: number) => Math.floor(run / sequence);
  const patch = (run: number) => patchOf(points(run));
  const state = keepLast((run: number) => updateMap(startState, patch(run)));
  const keysOn = kept(
    (board: string | undefined) =>
      new RunKeys(startState, axes, { board, runStartTdcProcedure: procedure.runStartTdcProcedure }),
  );
  const keyOn = (board: string | undefined, run: number) =>
    keysOn(board).key(points(run), repeatOf(run), () => patch(run));
  return {
    origin,
    runs,
    repeat,
    axes: axes.map(({ name, length, unit, label }) => ({
      name,
      length,
      ...(unit === undefined ? {} : { unit }),
      ...(label === undefined ? {} : { label }),
    })),
    defaultState,
    startState,
    repeatOf,
    patch,
    state,
    send: (run) => {
      const before = run === 0 ? startState : state(run - 1);
      return diffMap(before, state(run));
    },
    axisValues: (run) => {
      const at = points(run);
      return new Map(axes.flatMap((axis, index) => [...axis.columns(at[index])]));
    },
    key: (run) => keyOn(origin.board, run),
    keyOn,
  };
}

/**
 * Patches from points. Neighbouring runs differ in the fast axes only: overlays of the slow ones are kept from the last
 * run and made anew from the first axis on that has another point.
 */
function patches(axes: readonly Axis[]): (points: readonly number[]) => ConfigMap {
  const overlays = [overlay(axes.map((axis) => axis.defaults))];
  let last: readonly number[] = [];
  return (points) => {
    let axis = 0;
    while (axis < axes.length && points[axis] === last[axis]) axis++;
    last = []; // should one of them throw
    for (; axis < axes.length; axis++) overlays[axis + 1] = updateMap(overlays[axis], axes[axis].patch(points[axis]));
    last = points;
    return overlays[axes.length];
  };
}

function checked(run: number, runs: number): number {
  if (!Number.isInteger(run) || run < 0 || run >= runs) throw new RangeError(`run ${run} is none of ${runs}`);
  return run;
}

/** Makes a thing once for each name. */
function kept<Name, T>(make: (name: Name) => T): (name: Name) => T {
  const made = new Map<Name, T>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}

/** Remembers the last result: runs are mostly asked for one after the other. */
function keepLast<T>(make: (run: number) => T): (run: number) => T {
  let last: { run: number; value: T } | undefined;
  return (run) => {
    if (last?.run !== run) last = { run, value: make(run) };
    return last.value;
  };
}
