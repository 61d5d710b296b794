import type { PreviewEntry } from '../../domain/plan/preview.js';
import { configJson } from '../../domain/config/config-json.js';

/** The plan as JSON, in pieces: `configs` adds the states and, for every run, its patch and what is sent. */
export function* planJson(entries: readonly PreviewEntry[], configs: boolean): Generator<string> {
  yield '{"procedures": [';
  for (const [index, entry] of entries.entries()) {
    yield index === 0 ? '\n' : ',\n';
    yield JSON.stringify(summary(entry)).slice(0, -1);
    if (configs) yield* states(entry);
    yield '}';
  }
  yield '\n]}\n';
}

function summary({ planned, plan, estimate, reused, reasons }: PreviewEntry) {
  const { name, procedure, type, reason, dependsOn, calibrations } = planned;
  return {
    name,
    type,
    count: plan?.runs ?? 1,
    axes: plan?.axes ?? [],
    seconds: estimate?.seconds ?? null,
    bytes: estimate?.bytes ?? null,
    reused,
    reasons,
    procedure,
    reason,
    dependsOn,
    calibrations,
    ...(plan === undefined ? {} : { repeat: plan.repeat, events: estimate?.events ?? null }),
    ...(estimate === undefined ? {} : { secondsFrom: estimate.secondsFrom }),
  };
}

function* states({ plan }: PreviewEntry): Generator<string> {
  if (plan === undefined) return;
  yield `,"default":${configJson(plan.defaultState)},"start":${configJson(plan.startState)},"runs":[`;
  for (let run = 0; run < plan.runs; run++) {
    const send = plan.send(run);
    const parts = [
      `"index":${run}`,
      `"patch":${configJson(plan.patch(run))}`,
      `"send":${send ? configJson(send) : '{}'}`,
    ];
    yield `${run === 0 ? '\n' : ',\n'}{${parts.join(',')}}`;
  }
  yield ']';
}
