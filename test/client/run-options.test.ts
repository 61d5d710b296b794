import { expect, test } from 'vitest';
import { build } from '../../src/client/commands/run.js';
import { scanIdProblem } from '../../src/workflows/names.js';
import { checkScanInput, checkScanTexts } from '../../src/workflows/yard/scan-input.js';

/** Fields that a scan's input may have, as its check names them. */
function knownFields(): string[] {
  try {
    checkScanInput({ colour: 'red' });
  } catch (error) {
    return /\(known: ([^)]*)\)/.exec(String(error))?.[1].split(', ') ?? [];
  }
  return [];
}

test('every field of a scan’s input is an argument or an option of `run`, and nothing else but id, detach and wait', () => {
  const options = build().options.map((option) => option.attributeName());
  const more = ['id', 'detach', 'wait'];
  expect([...options].sort()).toEqual(
    [...knownFields(), ...more].filter((name) => !['config', 'procedures'].includes(name)).sort(),
  );
});

test.each(['', ' ', 'stand/local', 'bench/local/1', 'a/daq/b', 'a/analysis/b', 'a\nb', 'x'.repeat(501)])(
  'a scan cannot have the id %j',
  (id) => expect(scanIdProblem(id)).toBeDefined(),
);

test.each(['a', 'night/1', 'scan-20261124T061500Z-1f3a', 'Schicht ü', 'standard/1', 'x'.repeat(500)])(
  'a scan can have the id %j',
  (id) => expect(scanIdProblem(id)).toBeUndefined(),
);

test('texts of a scan have no control characters: bar code scanners send some', () => {
  const input = { config: '/c', procedures: ['p'], output: '/o' };
  expect(() => checkScanTexts('a', { ...input, board: 'A\u001d1' })).toThrow("field 'board' has control characters");
  expect(() => checkScanTexts('a', { ...input, comment: 'first\nsecond\tµA' })).not.toThrow();
});
