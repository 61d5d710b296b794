import { relative } from 'node:path';
import type { FileReference } from '../../domain/scan/tasks.js';

/** How a frozen procedure says, above everything else, which calibration of its output folder was laid on it. */
export function lineageOf(output: string, { path, sha256 }: FileReference): string {
  return `calibrated by ${relative(output, path)}, sha256 ${sha256}`;
}

/** Whether a frozen procedure says so of this calibration. */
export function isCalibratedBy(frozen: string, output: string, calibration: FileReference): boolean {
  return frozen.includes(`# ${lineageOf(output, calibration)}\n`);
}
