import type { DaqProcedure } from '../config/procedure.js';
import type { ConfigMap } from '../config/value.js';
import { ConfigError } from '../errors.js';
import { columnProblems } from '../table/choose-columns.js';
import { makePlan } from './make-plan.js';
import type { Origin } from '../scan/origin.js';
import type { ScanPlan } from './plan.js';

/** More are never measured, and cannot be numbered. */
const runsAtMost = 1e9;

/**
 * The plan of a procedure whose configuration was read and checked, with calibrations of an earlier scan laid on.
 * Throws ConfigError where they do not fit the default, or bring parameters that its table cannot have.
 */
export function planProcedure(procedure: DaqProcedure, calibrations: readonly ConfigMap[], origin: Origin): ScanPlan {
  const plan = makePlan(procedure, calibrations, origin);
  if (!(plan.runs <= runsAtMost)) {
    const message = `'${procedure.name}' would have ${plan.runs} runs, more than ${runsAtMost}`;
    throw new ConfigError([{ severity: 'error', message, remedy: 'fewer points, axes or repeats' }]);
  }
  if (calibrations.length === 0) return plan;
  const problems = columnProblems({ ...procedure, startState: plan.startState });
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ConfigError(errors);
  return plan;
}
