/**
 * Room: the analyses that ship. Their places and names are part of what users have: files here are not moved.
 * May use: analyses/calibration, analyses/data, analyses/injection, analyses/math, analyses/pedestal, analyses/plots,
 * analyses/spectra, analyses/thresholds, analyses/timing, domain, domain/analysis, domain/config, domain/table.
 */

/** The analyses that ship, under the names that `module_name` uses. */
export { InjectionScan as injection_scan } from './injection-scan.js';
export { Pedestal as pedestal } from './pedestal.js';
export { PedestalCalibration as pedestal_calibration } from './pedestal-calibration.js';
export { Spectra as spectra } from './spectra.js';
export { Timewalk as timewalk } from './timewalk.js';
export { ToaCalibration as toa_calibration } from './toa-calibration.js';
export { ToaThresholdScan as toa_threshold_scan } from './toa-threshold-scan.js';
