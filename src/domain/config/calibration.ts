import { ConfigError, type Problem } from '../errors.js';
import { checkFragment } from './check.js';
import { updateMap } from './overlay.js';
import type { DaqProcedure } from './procedure.js';
import { adaptRoots, rootLayout } from './roots.js';
import type { ConfigMap } from './value.js';

/** The init state with calibrations laid on it, in order. Throws ConfigError where one does not fit the default. */
export function layCalibrations(procedure: DaqProcedure, calibrations: readonly ConfigMap[]): ConfigMap {
  const problems = calibrations.flatMap((calibration) => checkCalibration(procedure, calibration));
  if (problems.length > 0) throw new ConfigError(problems);
  const layout = rootLayout(procedure.defaultState);
  return calibrations.reduce<ConfigMap>(
    (state, calibration) => updateMap(state, adaptRoots(calibration, layout)),
    procedure.initState,
  );
}

/** What does not fit about a calibration: keys that the default lacks, values outside their registers. */
export function checkCalibration(procedure: DaqProcedure, calibration: ConfigMap): Problem[] {
  return checkFragment(calibration, procedure.defaultState, rootLayout(procedure.defaultState))
    .filter((finding) => finding.kind === 'range' || !procedure.allowNewParameters)
    .map(({ message, remedy }) => ({
      severity: 'error' as const,
      message: `a calibration for '${procedure.name}' does not fit: ${message}`,
      ...(remedy === undefined ? {} : { remedy }),
    }));
}
