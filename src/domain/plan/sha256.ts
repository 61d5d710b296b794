/**
 * SHA-256 without a library: run keys are made where no Node module may be imported (and, for messages as short as
 * these, faster than by a call into one). FIPS 180-4.
 */
const primes = firstPrimes(64);
const roundConstants = Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const initialState = Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const schedule = new Uint32Array(64);
const encoder = new TextEncoder();

/** First 32 bits of the fractional part. */
function fraction(number: number): number {
  return ((number - Math.floor(number)) * 2 ** 32) >>> 0;
}

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}

/** The eight 32-bit words of the hash of a text (as UTF-8). */
export function sha256(text: string): Uint32Array {
  const bytes = encoder.encode(text);
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const state = initialState.slice();
  for (let offset = 0; offset < padded.length; offset += 64) {
    for (let i = 0; i < 16; i++) schedule[i] = view.getUint32(offset + 4 * i);
    compress(state);
  }
  return state;
}

/** Most words that `sha256Words` takes: with padding and length they fill one block. */
export const maxWords = 13;

/** The hash of at most 13 words (big-endian bytes), in one step. */
export function sha256Words(words: ArrayLike<number>): Uint32Array {
  if (words.length > maxWords) throw new RangeError(`${words.length} words are more than a block takes`);
  schedule.fill(0, 0, 16);
  for (let i = 0; i < words.length; i++) schedule[i] = words[i];
  schedule[words.length] = 0x80000000;
  schedule[15] = words.length * 32;
  const state = initialState.slice();
  compress(state);
  return state;
}

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The words as 64 hexadecimal digits. */
export function toHex(words: Uint32Array): string {
  let text = '';
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    text += hexBytes[word >>> 24] + hexBytes[(word >>> 16) & 255] + hexBytes[(word >>> 8) & 255] + hexBytes[word & 255];
  }
  return text;
}

/** Takes in the block whose 16 words stand at the begin of the schedule. */
function compress(state: Uint32Array): void {
  expand(schedule);
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + roundConstants[i] + schedule[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

function expand(w: Uint32Array): void {
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15];
    const b = w[i - 2];
    const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
}
