import { scaleScan } from './scale-scan.js';

export const name = 'own time of a run in ms, 5,000 runs of no time, server and all';
export const goal = 2;
export const better = 'lower';

export async function run() {
  const { msPerRun } = await scaleScan(5000);
  return msPerRun;
}
