import { RawDecoder, type RawFacts } from '../../../src/domain/hgcroc/raw-decoder.js';

/** Facts of a raw file that is in memory as a whole. Throws a DataError where it is none. */
export function inspectRaw(bytes: Uint8Array): RawFacts {
  const decoder = new RawDecoder();
  decoder.push(bytes);
  return decoder.end();
}
