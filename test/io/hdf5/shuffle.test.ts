import { expect, test } from 'vitest';
import { shuffle } from '../../../src/io/hdf5/shuffle.js';

/** The definition, byte by byte. */
function obviousShuffle(input: Uint8Array, rows: number, size: number): Uint8Array {
  const output = new Uint8Array(rows * size);
  for (let row = 0; row < rows; row++) {
    for (let byte = 0; byte < size; byte++) output[byte * rows + row] = input[row * size + byte];
  }
  return output;
}

test.each([
  [4, 1],
  [64, 3],
  [64, 4],
  [260, 7],
  [1024, 39],
  [1024, 37],
  [1024, 62],
  [1028, 68],
  [2048, 80],
])('%i rows of %i bytes', (rows, size) => {
  const input = Uint8Array.from({ length: rows * size }, (_, i) => (i * 2654435761) >>> 24);
  const output = new Uint8Array(rows * size);
  shuffle(input, output, rows, size);
  expect(Buffer.compare(output, obviousShuffle(input, rows, size))).toBe(0);
});
