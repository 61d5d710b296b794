import { DatenraffinerieError } from '../../domain/errors.js';

/** A calibration is of one setting of everything that it does not set: several would be averaged. */
export function requireOneSetting(others: readonly string[]): void {
  if (others.length === 0) return;
  throw new DatenraffinerieError('AnalysisError', `the table also scans ${others.join(', ')}`, {
    remedy: 'calibrate with a scan of one value of it',
  });
}
