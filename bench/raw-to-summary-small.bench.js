import { summaryOf } from './decode.js';
import { ratioOf } from './measure.js';
import { md5, rawRun } from './raw-input.js';

export const name = 'raw → summary rows, files of 400 events (to md5 of the bytes)';
export const goal = 3;
export const better = 'lower';

export function run() {
  const bytes = rawRun(400);
  return ratioOf(
    () => summaryOf(bytes),
    () => md5(bytes),
    { repeat: 40 },
  );
}
