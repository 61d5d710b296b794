import type { DataFormat } from '../../../src/domain/config/procedure.js';

/** A record as the specification describes it, decoded the obvious way: an independent check of the fast decoder. */
export interface SlowRecord {
  readonly event: number;
  readonly chip: number;
  readonly halves: readonly (readonly number[])[];
  readonly latency: readonly number[];
}

/** Reads whole records after the 45 bytes of header; the file must be intact up to a cut. */
export function slowRecords(bytes: Uint8Array): SlowRecord[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const records: SlowRecord[] = [];
  let at = 45;
  const vector = (): number[] => {
    const count = Number(view.getBigUint64(at, true));
    const words = Array.from({ length: count }, (_, i) => view.getUint32(at + 8 + 4 * i, true));
    at += 8 + 4 * count;
    return words;
  };
  while (at < bytes.length) {
    try {
      const event = view.getInt32(at, true);
      const chip = view.getInt32(at + 4, true);
      at += 8;
      const first = vector();
      if (first.length === 41) {
        const second = vector();
        const rest = [vector(), vector(), vector(), vector(), vector()];
        records.push({ event, chip, halves: [first, second], latency: rest[4] });
      } else {
        records.push({ event, chip, halves: [first.slice(0, 41), first.slice(41, 82)], latency: vector() });
      }
    } catch {
      return records; // the last record is cut
    }
  }
  return records;
}

/** Corruption bits of a half. */
export function slowCorruption(half: readonly number[]): number {
  const header = half[0];
  let bits = 0;
  if (Math.floor(header / 2 ** 28) !== 5 || header % 16 !== 5) bits += 1;
  if (slowCrc(half.slice(0, 39)) !== half[39]) bits += 2;
  for (let bit = 4; bit <= 6; bit++) if ((header >>> bit) & 1) bits += 2 ** (bit - 2);
  return bits;
}

/** The CRC bit by bit. */
export function slowCrc(words: readonly number[]): number {
  let crc = 0;
  for (const word of words) {
    for (let bit = 31; bit >= 0; bit--) {
      const differs = crc >>> 31 !== ((word >>> bit) & 1);
      crc = (crc << 1) ^ (differs ? 0x04c11db7 : 0);
    }
  }
  return crc >>> 0;
}

function field(word: number, low: number): number {
  return Math.floor(word / 2 ** low) % 1024;
}

function slowTot(code: number): number {
  return code >= 512 ? (code - 512) * 8 : code;
}

/** What a row of event mode measures; fields by column name. */
export type SlowRow = Readonly<Record<string, number>>;

/** Rows of event mode, an object each. */
export function slowEventRows(records: readonly SlowRecord[], format: DataFormat): SlowRow[] {
  const rows: SlowRow[] = [];
  for (const record of records) {
    record.halves.forEach((half, side) => {
      const header = half[0];
      const bits = record.latency.flatMap((word) => [...word.toString(2).padStart(32, '0')]);
      const common = {
        event: record.event,
        chip: record.chip,
        half: side,
        corruption: slowCorruption(half),
        bxcounter: Math.floor(header / 2 ** 16) % 4096,
        eventcounter: Math.floor(header / 2 ** 10) % 64,
        orbitcounter: Math.floor(header / 2 ** 7) % 8,
        trigtime: bits.indexOf('1'),
        trigwidth: bits.filter((bit) => bit === '1').length,
      };
      for (const [channel, low] of [
        [37, 10],
        [38, 0],
      ]) {
        rows.push({ ...common, channel, adc: field(half[1], low), adcm: 0, tot: 0, toa: 0, totflag: 0 });
      }
      for (let i = 2; i <= 38; i++) {
        const channel = i < 20 ? i - 2 : i === 20 ? 36 : i - 3;
        rows.push({ ...common, channel, ...slowWord(half[i], channel === 36 ? 'characterisation' : format) });
      }
    });
  }
  return rows;
}

function slowWord(word: number, format: DataFormat): SlowRow {
  const [high, middle, toa] = [field(word, 20), field(word, 10), field(word, 0)];
  if (format === 'characterisation') return { adc: high, adcm: -1, tot: slowTot(middle), toa, totflag: 0 };
  const totflag = Math.floor(word / 2 ** 30);
  if (totflag <= 1) return { adc: middle, adcm: high, tot: -1, toa, totflag };
  return { adc: -1, adcm: high, tot: slowTot(middle), toa, totflag };
}

/** The summary by sorting, an object per row, keyed by column name. */
export function slowSummary(records: readonly SlowRecord[]): SlowRow[] {
  const rows = slowEventRows(records, 'characterisation');
  const chips = [...new Set(records.map(({ chip }) => chip))].sort((a, b) => a - b);
  return chips.flatMap((chip) => {
    const ofChip = rows.filter((row) => row['chip'] === chip);
    const channels = [
      ...Array.from({ length: 72 }, (_, i) => ({ type: 0, channel: i, half: i < 36 ? 0 : 1, inHalf: i % 36 })),
      ...[0, 1].map((half) => ({ type: 1, channel: half, half, inHalf: 36 })),
      ...[0, 1, 2, 3].map((i) => ({ type: 100, channel: i, half: i < 2 ? 0 : 1, inHalf: 37 + (i % 2) })),
    ];
    return channels.map(({ type, channel, half, inHalf }) => {
      const own = ofChip.filter((row) => row['half'] === half && row['channel'] === inHalf);
      const bad = own.filter((row) => (row['corruption'] & 0b11101) !== 0).length;
      return { chip, channel, channeltype: type, ...slowStatistics(own), corruption: bad / own.length };
    });
  });
}

function slowStatistics(rows: readonly SlowRow[]): SlowRow {
  const n = rows.length;
  const result: Record<string, number> = {};
  for (const name of ['adc', 'tot', 'toa']) {
    const sorted = rows.map((row) => row[name]).sort((a, b) => a - b);
    const mean = sorted.reduce((sum, x) => sum + x, 0) / n;
    result[`${name}_median`] = sorted[Math.floor(n / 2)];
    result[`${name}_iqr`] = sorted[Math.floor((3 * n) / 4)] - sorted[Math.floor(n / 4)];
    result[`${name}_mean`] = mean;
    result[`${name}_stdd`] = Math.sqrt(sorted.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
    if (name === 'adc') continue;
    const efficiency = sorted.filter((x) => x > 0).length / n;
    result[`${name}_efficiency`] = efficiency;
    result[`${name}_efficiency_error`] = Math.sqrt((efficiency * (1 - efficiency)) / n);
  }
  return result;
}
