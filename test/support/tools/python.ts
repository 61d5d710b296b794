import { execFileSync } from 'node:child_process';

/** The interpreter whose packages `test/requirements.txt` lists; undefined where the machine has none. */
export const python = process.env['DATENRAFFINERIE_TEST_PYTHON'];

/** For `test.skipIf(noPython)`: tells in the test's name what is missing. */
export const noPython = python === undefined;
export const needsPython = noPython ? ' (skipped: DATENRAFFINERIE_TEST_PYTHON names no Python)' : '';

/** Runs a script with the arguments in `sys.argv[1:]`, warnings being errors, and returns the JSON that it prints. */
export function runPython(script: string, ...args: readonly string[]): unknown {
  if (python === undefined) throw new Error('DATENRAFFINERIE_TEST_PYTHON is not set');
  const output = execFileSync(python, ['-W', 'error', '-c', script, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return JSON.parse(output);
}
