/** The analyses that ship, under the names that `module_name` uses. */
export { InjectionScan as injection_scan } from './injection-scan.js';
export { Pedestal as pedestal } from './pedestal.js';
export { PedestalCalibration as pedestal_calibration } from './pedestal-calibration.js';
export { Spectra as spectra } from './spectra.js';
export { Timewalk as timewalk } from './timewalk.js';
export { ToaCalibration as toa_calibration } from './toa-calibration.js';
export { ToaThresholdScan as toa_threshold_scan } from './toa-threshold-scan.js';
