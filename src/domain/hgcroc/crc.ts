import { crcWord } from './layout.js';

const polynomial = 0x04c11db7;

/**
 * Sixteen tables of 256 entries, one after the other: `tables[256 k + b]` is the CRC of byte b followed by k zero
 * bytes, so that four words are taken at once (slicing-by-16, 16 kB).
 */
export const crcTables: Int32Array = makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(16 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ polynomial : crc << 1;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256];
    tables[at] = (before << 8) ^ tables[before >>> 24];
  }
  return tables;
}

/**
 * CRC-32 of words 0 … 38 of the half at `at`: polynomial 0x04C11DB7, start 0, no reflection, no final xor, each word
 * most significant byte first. As a signed 32-bit integer.
 */
export function crcOfHalf(words: Uint32Array | Int32Array, at: number): number {
  const t = crcTables;
  let crc = 0;
  const end = at + crcWord;
  let i = at;
  for (; i + 4 <= end; i += 4) {
    const a = crc ^ words[i];
    const b = words[i + 1];
    const c = words[i + 2];
    const d = words[i + 3];
    crc =
      t[3840 + (a >>> 24)] ^
      t[3584 + ((a >>> 16) & 255)] ^
      t[3328 + ((a >>> 8) & 255)] ^
      t[3072 + (a & 255)] ^
      t[2816 + (b >>> 24)] ^
      t[2560 + ((b >>> 16) & 255)] ^
      t[2304 + ((b >>> 8) & 255)] ^
      t[2048 + (b & 255)] ^
      t[1792 + (c >>> 24)] ^
      t[1536 + ((c >>> 16) & 255)] ^
      t[1280 + ((c >>> 8) & 255)] ^
      t[1024 + (c & 255)] ^
      t[768 + (d >>> 24)] ^
      t[512 + ((d >>> 16) & 255)] ^
      t[256 + ((d >>> 8) & 255)] ^
      t[d & 255];
  }
  for (; i < end; i++) {
    const a = crc ^ words[i];
    crc = t[768 + (a >>> 24)] ^ t[512 + ((a >>> 16) & 255)] ^ t[256 + ((a >>> 8) & 255)] ^ t[a & 255];
  }
  return crc;
}
