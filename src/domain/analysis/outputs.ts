import { DatenraffinerieError } from '../errors.js';
import type { AnalysisOutputs } from './interface.js';

/** Names of what we write ourselves beside an analysis' outputs. */
export const resultFiles = {
  stdout: 'stdout.log',
  stderr: 'stderr.log',
  record: 'analysis.json',
  incomplete: 'incomplete',
  previous: 'previous',
} as const;

const reservedNames: readonly string[] = Object.values(resultFiles);

/** Checks what an analysis says of its outputs: a mapping of names and lists of names (or nothing) under any keys. */
export function parseOutputs(value: unknown): AnalysisOutputs {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(`output() must return a mapping of file names, not ${JSON.stringify(value) ?? 'nothing'}`);
  }
  const entries = Object.entries(value).map(([key, names]): [string, string | string[] | null] => {
    if (names === null || names === undefined || names === '') return [key, null];
    if (typeof names === 'string') return [key, checkName(key, names)];
    if (Array.isArray(names) && names.every((name) => typeof name === 'string')) {
      return [key, names.filter((name) => name !== '').map((name) => checkName(key, name))];
    }
    throw wrong(`output() gives ${JSON.stringify(names)} as '${key}', where a file name or a list of them must stand`);
  });
  const { calibration } = Object.fromEntries(entries);
  if (Array.isArray(calibration)) throw wrong(`output() gives a list as 'calibration': it must be one file`);
  return Object.fromEntries(entries);
}

/** All files that an analysis declares, each once, in the order of declaration. */
export function declaredFiles(outputs: AnalysisOutputs): string[] {
  const names = Object.values(outputs).flatMap((value) => value ?? []);
  return [...new Set(names)];
}

/** Relative to the output folder, and inside of it. */
function checkName(key: string, name: string): string {
  if (!isInside(name)) {
    throw wrong(`output() gives '${name}' as '${key}': names are relative to the output folder and stay inside it`);
  }
  const plain = name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
  if (reservedNames.includes(plain)) throw wrong(`output() gives '${name}' as '${key}': this name is ours`);
  return plain;
}

/** Whether a file's name leads to a place inside of the folder that it is relative to. */
export function isInside(name: string): boolean {
  return name !== '' && !name.startsWith('/') && !name.split('/').includes('..') && !name.includes('\0');
}

function wrong(text: string): DatenraffinerieError {
  return new DatenraffinerieError('AnalysisError', text);
}
