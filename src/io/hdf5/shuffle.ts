/** Rows whose bytes are moved together, so that they stay in the processor's nearest cache. */
const blockRows = 512;

/**
 * HDF5's byte shuffle: byte k of every row goes to plane k, `planes[k * planeRows + to + row] = input[row * size + k]`.
 * @param input whole rows of `size` bytes; their number is a multiple of 4, as are `to` and `planeRows`
 * @param planes planeRows × size bytes, at a multiple of 4 in its buffer
 * @param to row of the planes where the first row of the input goes
 */
export function shuffle(input: Uint8Array, size: number, planes: Uint8Array, planeRows: number, to: number): void {
  const rows = input.length / size;
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  const words = new Uint32Array(planes.buffer, planes.byteOffset, planes.length >> 2);
  for (let first = 0; first < rows; first += blockRows) {
    const block = { first, end: Math.min(rows, first + blockRows), size, to: (to + first) >> 2, quads: planeRows >> 2 };
    for (let byte = 0; byte + 4 <= size; byte += 4) shuffleWord(view, words, byte, block);
    for (let byte = size & ~3; byte < size; byte++) shuffleByte(input, words, byte, block);
  }
}

interface Block {
  /** Rows `first` … `end` − 1. */
  readonly first: number;
  readonly end: number;
  /** Bytes of a row. */
  readonly size: number;
  /** Word of a plane where they go. */
  readonly to: number;
  /** Words of a plane. */
  readonly quads: number;
}

/** Four rows by four bytes at a time, a 4 × 4 transposition in registers. */
function shuffleWord(input: DataView, planes: Uint32Array, byte: number, { first, end, size, to, quads }: Block): void {
  let at = byte * quads + to;
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
    planes[at] = (ab02 & 0xffff) | (cd02 << 16);
    planes[at + quads] = (ab13 & 0xffff) | (cd13 << 16);
    planes[at + 2 * quads] = (ab02 >>> 16) | (cd02 & 0xffff0000);
    planes[at + 3 * quads] = (ab13 >>> 16) | (cd13 & 0xffff0000);
    at++;
  }
}

/** One byte of all rows: what is left where a row is no multiple of 4 bytes. */
function shuffleByte(
  input: Uint8Array,
  planes: Uint32Array,
  byte: number,
  { first, end, size, to, quads }: Block,
): void {
  let at = byte * quads + to;
  for (let from = first * size + byte; from < end * size; from += 4 * size) {
    planes[at++] =
      input[from] | (input[from + size] << 8) | (input[from + 2 * size] << 16) | (input[from + 3 * size] << 24);
  }
}
