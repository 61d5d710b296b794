import { suggestion } from '../config/nearest.js';
import type { PlannedProcedure } from '../config/procedure.js';
import { ConfigError, type Problem } from '../errors.js';

/**
 * Planned names of the analyses that are to be run again. `NAME.2` means one of them, `NAME` all that are planned of it.
 * @throws ConfigError where a name is not that of an analysis in the plan.
 */
export function plannedAgain(planned: readonly PlannedProcedure[], names: readonly string[]): ReadonlySet<string> {
  const named = (name: string) => planned.filter((entry) => entry.name === name || entry.procedure === name);
  const isAnalysis = ({ type }: PlannedProcedure) => type === 'analysis';
  const wrong = names.filter((name) => !named(name).some(isAnalysis));
  if (wrong.length > 0) {
    const analyses = planned.filter(isAnalysis).map(({ name }) => name);
    throw new ConfigError(wrong.map((name) => (named(name).length > 0 ? takesData(name) : unknown(name, analyses))));
  }
  return new Set(names.flatMap((name) => named(name).map((entry) => entry.name)));
}

function takesData(name: string): Problem {
  const message = `'${name}' takes data: only analyses are run again`;
  return { severity: 'error', message, remedy: 'runs are measured again where they changed, all of them with --fresh' };
}

function unknown(name: string, analyses: readonly string[]): Problem {
  const remedy = suggestion(name, analyses);
  const message = `there is no analysis '${name}' in this scan that could be run again`;
  return { severity: 'error', message, ...(remedy === undefined ? {} : { remedy }) };
}
