/** Rows whose bytes are moved together, so that they stay in the processor's nearest cache. */
const blockRows = 512;

/**
 * HDF5's byte shuffle: byte k of every row goes to plane k, `output[k * rows + row] = input[row * size + k]`.
 * @param rows a multiple of 4
 * @param input rows × size bytes
 * @param output as many, at a multiple of 4 in its buffer
 */
export function shuffle(input: Uint8Array, output: Uint8Array, rows: number, size: number): void {
  const view = new DataView(input.buffer, input.byteOffset, rows * size);
  const planes = new Uint32Array(output.buffer, output.byteOffset, (rows * size) >> 2);
  for (let first = 0; first < rows; first += blockRows) {
    const block = { first, end: Math.min(rows, first + blockRows), size, quads: rows >> 2 };
    for (let byte = 0; byte + 4 <= size; byte += 4) shuffleWord(view, planes, byte, block);
    for (let byte = size & ~3; byte < size; byte++) shuffleByte(input, planes, byte, block);
  }
}

interface Block {
  /** Rows `first` … `end` − 1. */
  readonly first: number;
  readonly end: number;
  /** Bytes of a row. */
  readonly size: number;
  /** Words of a plane. */
  readonly quads: number;
}

/** Four rows by four bytes at a time, a 4 × 4 transposition in registers. */
function shuffleWord(input: DataView, planes: Uint32Array, byte: number, { first, end, size, quads }: Block): void {
  let to = byte * quads + (first >> 2);
  for (let from = first * size + byte; from < end * size; from += 4 * size) {
    const a = input.getInt32(from, true);
    const b = input.getInt32(from + size, true);
    const c = input.getInt32(from + 2 * size, true);
    const d = input.getInt32(from + 3 * size, true);
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

/** One byte of all rows: what is left where a row is no multiple of 4 bytes. */
function shuffleByte(input: Uint8Array, planes: Uint32Array, byte: number, { first, end, size, quads }: Block): void {
  let to = byte * quads + (first >> 2);
  for (let from = first * size + byte; from < end * size; from += 4 * size) {
    planes[to++] =
      input[from] | (input[from + size] << 8) | (input[from + 2 * size] << 16) | (input[from + 3 * size] << 24);
  }
}
