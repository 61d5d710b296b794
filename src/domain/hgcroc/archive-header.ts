import { DatenraffinerieError } from '../errors.js';
import { archiveSignature, joinedTriggerWords, wordsPerHalf } from './layout.js';

const versionAt = 8 + archiveSignature.length;
/** sizeof int, long, float, double, then the byte-order probe 1. */
const probe = [4, 8, 4, 8, 1, 0, 0, 0] as const;
/** The probe must end within this many bytes. */
const probeLimit = 64;

/**
 * Offset of the first record in a raw file that begins with `bytes` (at least 128 of them, which hold the header at
 * its longest and the first record's first count, or the whole file). Throws a DataError where they are no archive, one cut in its header, or one with other sizes or byte order.
 */
export function findFirstRecord(bytes: Uint8Array): number {
  checkSignature(bytes);
  const version = bytes[versionAt] | ((bytes[versionAt + 1] ?? 0) << 8);
  const found = findProbe(bytes);
  if (found === undefined) {
    if (bytes.length < versionAt + 2 + probe.length) throw cutInHeader(bytes.length);
    throw new DatenraffinerieError(
      'DataError',
      `the archive header (library version ${version}) does not have the sizes 4 8 4 8 and the byte-order probe 1 ` +
        `within its first ${probeLimit} bytes (found ${hex(bytes.subarray(versionAt + 2, versionAt + 10))})`,
      { remedy: 'raw files must be written on a 64-bit little-endian machine' },
    );
  }
  const classAt = found + probe.length;
  const gap = findClassWidth(bytes, classAt, version);
  if (bytes.length < classAt + gap) throw cutInHeader(bytes.length);
  return classAt + gap;
}

function checkSignature(bytes: Uint8Array): void {
  const expected = [archiveSignature.length, 0, 0, 0, 0, 0, 0, 0, ...archiveSignature].map((part) =>
    typeof part === 'number' ? part : part.charCodeAt(0),
  );
  const known = Math.min(expected.length, bytes.length);
  for (let i = 0; i < known; i++) {
    if (bytes[i] !== expected[i]) {
      throw new DatenraffinerieError(
        'DataError',
        `this is no raw file: it does not begin with the signature "${archiveSignature}" of a Boost binary archive ` +
          `(byte ${i} is ${hex(bytes.subarray(i, i + 1))})`,
      );
    }
  }
  if (bytes.length < versionAt + 2) throw cutInHeader(bytes.length);
}

function findProbe(bytes: Uint8Array): number | undefined {
  const last = Math.min(probeLimit, bytes.length) - probe.length;
  for (let at = versionAt; at <= last; at++) {
    if (probe.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return undefined;
}

/**
 * Bytes of class tracking flag and class version. Library versions above 7 write the class version as u32, 6 as u16,
 * 3 … 5 and 7 as a byte; the first record's count decides where the rule of the version does not lead to a record.
 */
function findClassWidth(bytes: Uint8Array, classAt: number, version: number): number {
  const byVersion = version > 7 || version <= 2 ? 5 : version === 6 ? 3 : 2;
  const candidates = [byVersion, ...Array.from({ length: 17 }, (_, width) => width)];
  return candidates.find((width) => isFirstCount(bytes, classAt + width + 8)) ?? byVersion;
}

function isFirstCount(bytes: Uint8Array, at: number): boolean {
  if (at + 8 > bytes.length) return false;
  const count = bytes[at];
  const known = count === wordsPerHalf || count === 2 * wordsPerHalf || count === 2 * wordsPerHalf + joinedTriggerWords;
  return known && bytes.subarray(at + 1, at + 8).every((byte) => byte === 0);
}

function cutInHeader(length: number): DatenraffinerieError {
  const what = length === 0 ? 'the file is empty' : `the file ends within the archive header, after ${length} bytes`;
  return new DatenraffinerieError('DataError', `${what}: no run can be read from it`);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
