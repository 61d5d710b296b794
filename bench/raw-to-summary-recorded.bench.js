import { summaryOf } from './decode.js';
import { ratioOf } from './measure.js';
import { md5, recordedFiles } from './raw-input.js';

export const name = 'raw → summary rows, recorded files (to md5 of the bytes)';
export const goal = 3;
export const better = 'lower';

const files = recordedFiles();
export const skip = files.length === 0 ? 'no recorded files (DATENRAFFINERIE_TEST_DATA)' : undefined;

export function run() {
  return ratioOf(
    () => files.forEach(summaryOf),
    () => files.forEach(md5),
  );
}
