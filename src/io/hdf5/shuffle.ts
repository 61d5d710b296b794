/** Rows whose bytes are moved together, so that they stay in the processor's nearest cache. */
const blockQuads = 64;

/**
 * HDF5's byte shuffle: byte k of every row goes to plane k, `output[k * rows + row] = input[row * size + k]`.
 * @param rows a multiple of 4
 * @param input rows × size bytes, at a multiple of 4 in its buffer; so is `output`
 */
export function shuffle(input: Uint8Array, output: Uint8Array, rows: number, size: number): void {
  const quads = rows >> 2;
  const words = new Uint32Array(input.buffer, input.byteOffset, quads * size);
  const planes = new Uint32Array(output.buffer, output.byteOffset, quads * size);
  for (let first = 0; first < quads; first += blockQuads) {
    const end = Math.min(quads, first + blockQuads);
    if (size % 4 === 0) shuffleWords(words, planes, quads, size, first, end);
    else shuffleShifted(words, planes, quads, size, first, end);
    for (let byte = size & ~3; byte < size; byte++) shuffleByte(input, planes, quads, size, byte, first, end);
  }
}

/** Four rows by four bytes at a time, a 4 × 4 transposition in registers; for rows of whole words. */
function shuffleWords(
  input: Uint32Array,
  planes: Uint32Array,
  quads: number,
  size: number,
  first: number,
  end: number,
): void {
  const words = size >> 2;
  for (let word = 0; word < words; word++) {
    let to = 4 * word * quads + first;
    for (let from = first * size + word; from < end * size; from += size) {
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

/** The same for rows of any size: the second to fourth row begin within a word, always at the same place in it. */
function shuffleShifted(
  input: Uint32Array,
  planes: Uint32Array,
  quads: number,
  size: number,
  first: number,
  end: number,
): void {
  const bAt = size >> 2;
  const cAt = (2 * size) >> 2;
  const dAt = (3 * size) >> 2;
  const bShift = 8 * (size & 3);
  const cShift = 8 * ((2 * size) & 3);
  const dShift = 8 * ((3 * size) & 3);
  for (let word = 0; word < size >> 2; word++) {
    let to = 4 * word * quads + first;
    for (let from = first * size + word; from < end * size; from += size) {
      const a = input[from];
      // shifted by 1 and by 31 − n, because JavaScript takes a shift by 32 for one by 0
      const b = (input[from + bAt] >>> bShift) | ((input[from + bAt + 1] << 1) << (31 - bShift));
      const c = (input[from + cAt] >>> cShift) | ((input[from + cAt + 1] << 1) << (31 - cShift));
      const d = (input[from + dAt] >>> dShift) | ((input[from + dAt + 1] << 1) << (31 - dShift));
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

/** One byte of all rows: what is left where a row is no multiple of 4 bytes. */
function shuffleByte(
  input: Uint8Array,
  planes: Uint32Array,
  quads: number,
  size: number,
  byte: number,
  first: number,
  end: number,
): void {
  let to = byte * quads + first;
  for (let from = 4 * first * size + byte; from < 4 * end * size; from += 4 * size) {
    planes[to++] =
      input[from] | (input[from + size] << 8) | (input[from + 2 * size] << 16) | (input[from + 3 * size] << 24);
  }
}
