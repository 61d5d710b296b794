/** Rows whose bytes are moved together, so that they stay in the processor's nearest cache. */
const blockRows = 256;

/**
 * HDF5's byte shuffle: byte k of every row goes to plane k, `output[k * rows + row] = input[row * size + k]`.
 * @param rows a multiple of 4
 * @param input rows × size bytes, at a multiple of 4 in its buffer; so is `output`
 */
export function shuffle(input: Uint8Array, output: Uint8Array, rows: number, size: number): void {
  const planes = new Uint32Array(output.buffer, output.byteOffset, (rows * size) >> 2);
  if (size % 4 === 0) shuffleWords(new Uint32Array(input.buffer, input.byteOffset, planes.length), planes, rows, size);
  else shuffleBytes(input, planes, rows, size);
}

/** Four rows by four bytes at a time: a 4 × 4 transposition in registers. */
function shuffleWords(input: Uint32Array, planes: Uint32Array, rows: number, size: number): void {
  const quads = rows >> 2;
  const words = size >> 2;
  for (let first = 0; first < quads; first += blockRows >> 2) {
    const end = Math.min(quads, first + (blockRows >> 2));
    for (let word = 0; word < words; word++) {
      let to = 4 * word * quads + first;
      for (let from = 4 * first * words + word; from < 4 * end * words; from += 4 * words) {
        const a = input[from];
        const b = input[from + words];
        const c = input[from + 2 * words];
        const d = input[from + 3 * words];
        // bytes 0 and 2, then 1 and 3, of two rows side by side
        const ab02 = (a & 0xff00ff) | ((b & 0xff00ff) << 8);
        const ab13 = ((a >>> 8) & 0xff00ff) | (b & 0xff00ff00);
        const cd02 = (c & 0xff00ff) | ((d & 0xff00ff) << 8);
        const cd13 = ((c >>> 8) & 0xff00ff) | (d & 0xff00ff00);
        planes[to] = (ab02 & 0xffff) | (cd02 << 16);
        planes[to + quads] = (ab13 & 0xffff) | (cd13 << 16);
        planes[to + 2 * quads] = (ab02 >>> 16) | (cd02 & 0xffff0000);
        planes[to + 3 * quads] = (ab13 >>> 16) | (cd13 & 0xffff0000);
        to++;
      }
    }
  }
}

/** Rows of any size: one byte of four rows makes a word of a plane. */
function shuffleBytes(input: Uint8Array, planes: Uint32Array, rows: number, size: number): void {
  const quads = rows >> 2;
  for (let first = 0; first < quads; first += blockRows >> 2) {
    const end = Math.min(quads, first + (blockRows >> 2));
    for (let byte = 0; byte < size; byte++) {
      let to = byte * quads + first;
      for (let from = 4 * first * size + byte; from < 4 * end * size; from += 4 * size) {
        planes[to++] =
          input[from] | (input[from + size] << 8) | (input[from + 2 * size] << 16) | (input[from + 3 * size] << 24);
      }
    }
  }
}
