import { expect, test } from 'vitest';
import { shuffle } from '../../../src/io/hdf5/shuffle.js';

/** The definition, byte by byte. */
function obviousShuffle(input: Uint8Array, size: number, planes: Uint8Array, planeRows: number, to: number): void {
  for (let row = 0; row < input.length / size; row++) {
    for (let byte = 0; byte < size; byte++) planes[byte * planeRows + to + row] = input[row * size + byte];
  }
}

test.each([
  [4, 1, 4, 0],
  [64, 3, 64, 0],
  [64, 4, 128, 64],
  [260, 7, 264, 4],
  [1024, 39, 1024, 0],
  [1024, 37, 2048, 512],
  [1024, 62, 1024, 0],
  [1028, 68, 4096, 1000],
  [2048, 80, 2048, 0],
])('%i rows of %i bytes, into planes of %i rows from %i on', (rows, size, planeRows, to) => {
  const bytes = Uint8Array.from({ length: rows * size + 1 }, (_, i) => (i * 2654435761) >>> 24);
  const input = bytes.subarray(1); // rows may begin anywhere
  const planes = new Uint8Array(planeRows * size);
  const expected = new Uint8Array(planeRows * size);
  shuffle(input, size, planes, planeRows, to);
  obviousShuffle(input, size, expected, planeRows, to);
  expect(Buffer.compare(planes, expected)).toBe(0);
});
