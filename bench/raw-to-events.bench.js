import { eventsOf } from './decode.js';
import { ratioOf } from './measure.js';
import { md5, rawRun } from './raw-input.js';

export const name = 'raw → event columns, 10,000 events (to md5 of the bytes)';
export const goal = 2.5;
export const better = 'lower';

export async function run() {
  const ratios = [];
  for (const format of ['characterisation', 'raw']) {
    const bytes = rawRun(10_000, format);
    ratios.push(
      await ratioOf(
        () => eventsOf(bytes, format),
        () => md5(bytes),
      ),
    );
  }
  return Math.max(...ratios);
}
