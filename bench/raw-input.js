// Raw files in memory for the benchmarks, made by the encoder: three chips with pedestals, noise and a few pulses.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  channelWord,
  commonModeWord,
  encodeArchiveHeader,
  encodeHalf,
  encodeRecord,
} from '../dist/domain/hgcroc/encode.js';
import { seededRandom } from '../dist/domain/random.js';

const chips = 3;
const distinctEvents = 200;
export const recordBytes = 392;
const eventBytes = chips * recordBytes;

export const header = encodeArchiveHeader();

/** Records of some events, one after the other; longer runs repeat them with other event numbers. */
export function eventBlock(format, events = distinctEvents) {
  const random = seededRandom(1);
  const pieces = [];
  for (let event = 0; event < events; event++) {
    for (let chip = 0; chip < chips; chip++) {
      const halves = [half(random, event, format), half(random, event, format)];
      pieces.push(encodeRecord({ event, chip, halves }, 'split'));
    }
  }
  return Buffer.concat(pieces);
}

/** The pieces of a raw file of `events` events: the header, then blocks of records, each overwritten by the next. */
export function* piecesOfRun(events, block) {
  yield header;
  for (let event = 0; event < events; event += distinctEvents) {
    const count = Math.min(distinctEvents, events - event);
    for (let record = 0; record < chips * count; record++) {
      block.writeInt32LE(event + Math.floor(record / chips), record * recordBytes);
    }
    yield block.subarray(0, count * eventBytes);
  }
}

/** A whole raw file in memory. */
export function rawRun(events, format = 'characterisation') {
  return Buffer.concat(Array.from(piecesOfRun(events, eventBlock(format)), (piece) => Buffer.from(piece)));
}

function half(random, event, format) {
  const head = { bunchCrossing: random.integer(3564), eventCounter: event & 63, orbitCounter: random.integer(8) };
  const words = Array.from({ length: 37 }, (_, i) => {
    const hit = random.next() < 0.05;
    const adc = Math.max(0, Math.round(200 + 4 * i + 2 * random.normal()));
    const hits = hit ? { tot: random.integer(4096), toa: random.integer(1024), totflag: 3 } : { tot: 0, toa: 0 };
    return channelWord({ adc, adcm: adc, ...hits }, i === 18 ? 'characterisation' : format);
  });
  return encodeHalf(head, commonModeWord(250, 260), words);
}

/** The reference of the decoding benchmarks. */
export function md5(bytes) {
  return createHash('md5').update(bytes).digest('hex');
}

const beside = fileURLToPath(new URL('../../shared/data/hexaboard-scan', import.meta.url));
const folder = process.env.DATENRAFFINERIE_TEST_DATA ?? beside;

/** Folder of raw files of real runs; undefined where there is none. */
export const recordedFolder = existsSync(folder) ? folder : undefined;

/** Raw files of real runs, where they are; else none. */
export function recordedFiles() {
  if (recordedFolder === undefined) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.raw'));
  return names.map((name) => readFileSync(`${folder}/${name}`));
}
