import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/domain/errors.js';
import { orderProcedures } from '../../../src/domain/plan/order.js';
import { previewProcedures } from '../../../src/domain/plan/preview.js';
import { planText } from '../../../src/client/text/plan-text.js';
import { readConfiguration } from '../../../src/io/configuration/config-reader.js';
import { root, temporaryFolder } from '../../support/disk/folders.js';

/** Small, seeded, good enough to pick mutations (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let hash = Math.imul(state ^ (state >>> 15), 1 | state);
    hash = (hash + Math.imul(hash ^ (hash >>> 7), 61 | hash)) ^ hash;
    return ((hash ^ (hash >>> 14)) >>> 0) / 2 ** 32;
  };
}

const oddities = [
  '{',
  '}',
  '[',
  ']',
  ':',
  '- ',
  '&a ',
  '*a ',
  '{{',
  '}}',
  '{%',
  '"',
  "'",
  '!!set ',
  '<<',
  '\t',
  '~',
  'yes',
  '-1',
  '1e9',
  '0x',
  '.nan',
  '99999999999999999999',
  'null',
  '{stop: 1000000000}',
  '{start: 1, stop: 5, step: 0}',
  '[[[[]]]]',
  '{zip: []}',
  '{{ value ** 9 }}',
  '{% for i in range(9999999) %}',
  '../',
  '__proto__',
  'constructor',
  '\u0000',
  'é',
  '🙂',
];

/** Seconds of a processor: a mutation that makes reading run away costs minutes, a busy machine a second. */
const runaway = 10;

type Pick = (count: number) => number;
const mutations: readonly ((text: string, pick: Pick) => string)[] = [
  (text, pick) => cut(text, pick, (from) => from + 1 + pick(20)),
  (text, pick) => insert(text, pick, oddities[pick(oddities.length)]),
  (text, pick) => lines(text, (rows) => rows.filter((_, index) => index !== pick(rows.length))),
  (text, pick) => lines(text, (rows) => rows.toSpliced(pick(rows.length), 0, rows[pick(rows.length)])),
  (text, pick) => lines(text, (rows) => swap(rows, pick(rows.length), pick(rows.length))),
  (text, pick) => lines(text, (rows) => rows.map((row, index) => (index === pick(rows.length) ? ` ${row}` : row))),
  (text, pick) => replaceWord(text, pick, (word) => word.slice(1) + word[0]),
  (text, pick) => replaceWord(text, pick, () => oddities[pick(oddities.length)]),
  (text, pick) => text.replace(/\d+/g, (digits) => (pick(8) === 0 ? String(Number(digits) * 1000 - 1) : digits)),
  (text, pick) => text.slice(0, pick(text.length)),
];

function cut(text: string, pick: Pick, end: (from: number) => number): string {
  const from = pick(text.length);
  return text.slice(0, from) + text.slice(end(from));
}
function insert(text: string, pick: Pick, piece: string): string {
  const at = pick(text.length);
  return text.slice(0, at) + piece + text.slice(at);
}
function lines(text: string, change: (rows: string[]) => string[]): string {
  return change(text.split('\n')).join('\n');
}
function swap(rows: string[], a: number, b: number): string[] {
  return rows.map((row, index) => (index === a ? rows[b] : index === b ? rows[a] : row));
}
function replaceWord(text: string, pick: Pick, change: (word: string) => string): string {
  const words = [...text.matchAll(/[A-Za-z_0-9]+/g)];
  const word = words[pick(words.length)];
  return word === undefined
    ? text
    : text.slice(0, word.index) + change(word[0]) + text.slice(word.index + word[0].length);
}

const folder = temporaryFolder('configuration-fuzz-');
cpSync(join(root, 'config-examples'), folder, { recursive: true });
const victims = ['procedures', 'board', '.'].flatMap((place) =>
  readdirSync(join(folder, place))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(place, name)),
);
const mains = victims.filter((name) => !name.includes('/'));

/** Main files that read the file. */
function readersOf(victim: string): string[] {
  if (!victim.includes('/')) return [victim];
  if (victim.startsWith('board')) return ['injection-scan.yaml'];
  return mains.filter((main) => readFileSync(join(folder, main), 'utf8').includes(victim)).slice(0, 1);
}

interface Outcome {
  readonly plan: boolean;
  readonly cpuSeconds: number;
}

async function readMutated(victim: string, main: string, text: string): Promise<Outcome> {
  const original = readFileSync(join(folder, victim));
  writeFileSync(join(folder, victim), text);
  const before = process.cpuUsage();
  const cpuSeconds = () => (process.cpuUsage(before).user + process.cpuUsage(before).system) / 1e6;
  try {
    const configuration = await readConfiguration(join(folder, main));
    const names = [...configuration.procedures.keys(), ...configuration.workflows.keys()];
    const entries = await previewProcedures(configuration, orderProcedures(configuration, names), {});
    for (const { plan } of entries) {
      const last = (plan?.runs ?? 0) - 1;
      expect(plan?.key(last) ?? '').toMatch(/^([0-9a-f]{64})?$/);
      expect(plan?.send(last)).not.toBe(null);
    }
    expect(planText(entries)).not.toMatch(/undefined|NaN|\[object/);
    return { plan: true, cpuSeconds: cpuSeconds() };
  } catch (error) {
    const seconds = cpuSeconds();
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { message, file, line, column, severity } of error.problems) {
      if (severity === 'error')
        expect({ message, file, line, column }).toEqual({
          message,
          file: expect.any(String),
          line: expect.any(Number),
          column: expect.any(Number),
        });
      expect(message).not.toMatch(/undefined is not|Cannot read prop|is not a function|is not iterable|\bat .*\.ts:/);
    }
    return { plan: false, cpuSeconds: seconds };
  } finally {
    writeFileSync(join(folder, victim), original);
  }
}

describe('500 mutated configurations', () => {
  const outcomes: Outcome[] = [];

  it.each(Array.from({ length: 10 }, (_, index) => index))(
    'part %i: each gives a plan, or errors with places',
    async (part) => {
      for (let seed = part * 50; seed < (part + 1) * 50; seed++) {
        const random = randomNumbers(seed);
        const pick = (count: number) => Math.floor(random() * count);
        const victim = victims[pick(victims.length)];
        const [main = victim] = readersOf(victim);
        let text = readFileSync(join(folder, victim), 'utf8');
        for (let times = 1 + pick(3); times > 0; times--) text = mutations[pick(mutations.length)](text, pick);
        const outcome = await readMutated(victim, main, text).catch((error: unknown) => {
          throw new Error(`seed ${seed}, ${victim}:\n${text}`, { cause: error });
        });
        if (outcome.cpuSeconds > runaway) throw new Error(`seed ${seed}, ${victim}: ${outcome.cpuSeconds} s of CPU`);
        outcomes.push(outcome);
      }
    },
  );

  it('are of both kinds', () => {
    expect(outcomes.length).toBe(500);
    expect(outcomes.filter(({ plan }) => plan).length).toBeGreaterThan(50);
    expect(outcomes.filter(({ plan }) => !plan).length).toBeGreaterThan(150);
  });
});
