/**
 * Version of every analysis that ships. Raise it where the analysis, or anything that it uses, comes to give other
 * results for the same data: only then are finished analyses run again. It stays where results stay.
 */
export const versions: Readonly<Record<string, number>> = {
  injection_scan: 2,
  pedestal: 2,
  pedestal_calibration: 2,
  spectra: 1,
  timewalk: 2,
  toa_calibration: 2,
  toa_threshold_scan: 2,
};
