import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ratioOf, wallTime } from './measure.js';

export const name = '`validate` of a scan of three chips (to an empty Node program)';
export const goal = 12;
export const better = 'lower';

const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const validate = [path('bin/datenraffinerie.js'), 'validate', path('config-examples/injection-scan.yaml')];

export async function run() {
  return ratioOf(
    () => node(validate),
    () => node(['-e', '0']),
    { tries: 9, measure: wallTime },
  );
}

function node(words) {
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
