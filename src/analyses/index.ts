/** The analyses that ship, under the names that `module_name` uses. */
export { InjectionScan as injection_scan } from './injection-scan.js';
export { Pedestal as pedestal } from './pedestal.js';
export { PedestalCalibration as pedestal_calibration } from './pedestal-calibration.js';
