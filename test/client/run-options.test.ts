import { expect, test } from 'vitest';
import { build } from '../../src/client/commands/run.js';
import { checkScanInput } from '../../src/workflows/yard/scan-input.js';

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
