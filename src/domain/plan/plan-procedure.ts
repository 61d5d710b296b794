import type { DaqProcedure } from '../config/procedure.js';
import type { ConfigMap } from '../config/value.js';
import { ConfigError } from '../errors.js';
import { columnProblems } from '../table/choose-columns.js';
import { makePlan, type PlanOptions } from './make-plan.js';
import type { ScanPlan } from './plan.js';

/**
 * The plan of a procedure whose configuration was read and checked, with calibrations of an earlier scan laid on.
 * Throws ConfigError where they do not fit the default, or bring parameters that its table cannot have.
 */
export function planProcedure(
  procedure: DaqProcedure,
  calibrations: readonly ConfigMap[],
  options: PlanOptions,
): ScanPlan {
  const plan = makePlan(procedure, calibrations, options);
  if (calibrations.length === 0) return plan;
  const problems = columnProblems({ ...procedure, startState: plan.startState });
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ConfigError(errors);
  return plan;
}
