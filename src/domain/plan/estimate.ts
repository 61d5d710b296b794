import { eventsOf } from '../config/roots.js';
import { isMap, type ConfigMap } from '../config/value.js';
import { splitRecordBytes } from '../hgcroc/layout.js';
import type { ScanPlan } from './plan.js';

/** Where an estimate of time comes from: runs measured before, the network file, or an assumption. */
export type SecondsFrom = 'measured' | 'configured' | 'assumed';

export interface Estimate {
  /** Events of one run where the configuration says it, of the first run where an axis changes it. */
  readonly events: number | undefined;
  /** Of the runs that are still to be taken, like the bytes. */
  readonly seconds: number;
  readonly secondsFrom: SecondsFrom;
  /** Raw data. */
  readonly bytes: number;
}

/** What is known of a run of a procedure: time and raw data as measured before, time as configured. */
export interface KnownRun {
  readonly measured?: { readonly seconds?: number; readonly bytes?: number };
  readonly configured?: number;
}

/** Where nothing is known of a stand: time to configure a run, and the rate of triggers. */
const assumed = { overheadSeconds: 0.5, eventsPerSecond: 1000, events: 1000 } as const;

/** Time and raw data of the `runs` of a plan that are still to be taken. */
export function estimate(plan: ScanPlan, runs: number, { measured = {}, configured }: KnownRun): Estimate {
  const state = plan.state(0);
  const events = eventsOf(state);
  const perRun = events ?? assumed.events;
  const given = measured.seconds ?? configured;
  const runSeconds = given ?? assumed.overheadSeconds + perRun / assumed.eventsPerSecond;
  const secondsFrom = measured.seconds !== undefined ? 'measured' : given === undefined ? 'assumed' : 'configured';
  const bytes = Math.round(runs * (measured.bytes ?? expectedBytes(state, perRun)));
  return { events, seconds: Number((runs * runSeconds).toPrecision(6)), secondsFrom, bytes };
}

/** Raw data of a run with this configuration and so many events. */
export function expectedBytes(state: ConfigMap, events: number): number {
  return events * chipCount(state) * splitRecordBytes;
}

/** Chips of a board: each sends one record an event. */
function chipCount(state: ConfigMap): number {
  const target = state.get('target');
  if (!isMap(target)) return 1;
  return Math.max(1, [...target.values()].filter(isMap).length);
}
