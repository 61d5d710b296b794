import { ApplicationFailure } from '@temporalio/common';
import type { ScanInput } from '../../domain/scan/scan-input.js';
import { scanIdProblem } from '../names.js';

type Kind = keyof typeof checks;

const kinds = {
  config: 'text',
  procedures: 'list of texts',
  output: 'text',
  network: 'text',
  stand: 'text',
  calibration: 'text',
  fresh: 'true or false',
  takeOver: 'true or false',
  again: 'list of texts',
  verify: 'true or false',
  priority: 'whole number from 1 to 5',
  urgent: 'true or false',
  maxFailedRuns: 'whole number, 0 or more',
  comment: 'text',
  operator: 'text',
  board: 'text',
  anyStand: 'true or false',
} as const satisfies Record<keyof ScanInput, Kind>;

const checks = {
  text: (value: unknown) => typeof value === 'string' && value !== '',
  'list of texts': (value: unknown) =>
    Array.isArray(value) && value.length > 0 && value.every((v) => typeof v === 'string'),
  'true or false': (value: unknown) => typeof value === 'boolean',
  'whole number from 1 to 5': (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 5,
  'whole number, 0 or more': (value: unknown) => Number.isInteger(value) && Number(value) >= 0,
} satisfies Record<string, (value: unknown) => boolean>;

/** All but line feeds and tabs. */
const controls = /[^\P{Cc}\n\t]/u;

const required = ['config', 'procedures', 'output'] as const satisfies readonly (keyof ScanInput)[];
const paths = ['config', 'output', 'network', 'calibration'] as const satisfies readonly (keyof ScanInput)[];

/**
 * Checks what a scan was started with: it may come straight from the `temporal` command line.
 * Without zod, which workflow code must not load. All findings at once, as a failure of type ConfigError.
 */
export function checkScanInput(input: unknown): asserts input is ScanInput {
  const problems = isRecord(input) ? findProblems(input) : ['the input is not one JSON object'];
  if (problems.length === 0) return;
  throw ApplicationFailure.nonRetryable(`the scan's input is wrong: ${problems.join('; ')}`, 'ConfigError');
}

/** Checks what scans of 2.0.0 could have: an id that is another's, texts that are none. */
export function checkScanTexts(id: string, input: ScanInput): void {
  const texts = Object.entries(input).flatMap(([name, value]) => controlCharacters(name, value));
  if (texts.length > 0)
    throw ApplicationFailure.nonRetryable(`the scan's input is wrong: ${texts.join('; ')}`, 'ConfigError');
  const problem = scanIdProblem(id);
  if (problem === undefined) return;
  throw ApplicationFailure.nonRetryable(`'${id}' cannot be the id of a scan: ${problem}`, 'ConfigError');
}

function findProblems(input: Record<string, unknown>): string[] {
  const fields = Object.entries(kinds);
  return [
    ...Object.keys(input)
      .filter((name) => !(name in kinds))
      .map((name) => `unknown field '${name}' (known: ${Object.keys(kinds).join(', ')})`),
    ...required.filter((name) => input[name] === undefined).map((name) => `field '${name}' is missing`),
    ...fields
      .filter(([name, kind]) => input[name] !== undefined && !checks[kind](input[name]))
      .map(([name, kind]) => `field '${name}' must be a ${kind}, not ${JSON.stringify(input[name])}`),
    ...paths.flatMap((name) => relativePath(name, input[name])),
  ];
}

/** They become names, plots and lines of terminals. */
function controlCharacters(name: string, value: unknown): string[] {
  const texts = [value].flat().filter((text) => typeof text === 'string');
  if (!texts.some((text) => controls.test(text))) return [];
  return [`field '${name}' has control characters (bar code scanners send some): ${JSON.stringify(value)}`];
}

function relativePath(name: string, value: unknown): string[] {
  if (typeof value !== 'string' || value.startsWith('/')) return [];
  return [`field '${name}' must be an absolute path as the workers see it, not '${value}'`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
