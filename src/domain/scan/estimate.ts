import { eventsOf } from '../config/roots.js';
import { isMap, type ConfigMap } from '../config/value.js';
import { splitRecordBytes } from '../hgcroc/layout.js';
import type { ScanPlan } from './plan.js';

/** Where an estimate of time comes from: runs measured before, the network file, or an assumption. */
export type SecondsFrom = 'measured' | 'configured' | 'assumed';

export interface Estimate {
  /** Events of one run where the configuration says it, of the first run where an axis changes it. */
  readonly events: number | undefined;
  readonly seconds: number;
  readonly secondsFrom: SecondsFrom;
  /** Raw data of all runs. */
  readonly bytes: number;
}

/** Where nothing is known of a stand: time to configure a run, and the rate of triggers. */
const assumed = { overheadSeconds: 0.5, eventsPerSecond: 1000, events: 1000 } as const;

/** Time and raw data of the runs that are still to be taken. */
export function estimate(plan: ScanPlan, runs: number, known: { measured?: number; configured?: number }): Estimate {
  const state = plan.state(0);
  const events = eventsOf(state);
  const perRun = events ?? assumed.events;
  const given = known.measured ?? known.configured;
  const runSeconds = given ?? assumed.overheadSeconds + perRun / assumed.eventsPerSecond;
  const secondsFrom = known.measured !== undefined ? 'measured' : given === undefined ? 'assumed' : 'configured';
  const bytes = perRun * chipCount(state) * splitRecordBytes * plan.runs;
  return { events, seconds: Number((runs * runSeconds).toPrecision(6)), secondsFrom, bytes };
}

/** Chips of a board: each sends one record an event. */
function chipCount(state: ConfigMap): number {
  const target = state.get('target');
  if (!isMap(target)) return 1;
  return Math.max(1, [...target.values()].filter(isMap).length);
}
