import { summaryOf } from './decode.js';
import { ratioOf } from './measure.js';
import { md5, rawRun } from './raw-input.js';

export const name = 'raw → summary rows, 10,000 events (to md5 of the bytes)';
export const goal = 1.7;
export const better = 'lower';

export function run() {
  const bytes = rawRun(10_000);
  return ratioOf(
    () => summaryOf(bytes),
    () => md5(bytes),
  );
}
