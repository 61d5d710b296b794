import type { DataFormat } from '../config/procedure.js';
import { eventRowChannels } from './channels.js';
import { eventColumnNames } from './columns.js';
import { calibrationWord, expandTot, firstChannelWord, rowsPerHalf } from './layout.js';
import type { RecordBatch, RecordConsumer } from './raw-decoder.js';
import { firstHalfWord } from './record-index.js';

export type EventColumnName = (typeof eventColumnNames)[number];

/** Rows of a record in event mode. */
export const rowsPerRecord = 2 * rowsPerHalf;

/** A batch of rows: whole records, `rowsPerRecord` rows each. Reused: copy what must outlive the call. */
export interface EventBatch {
  readonly records: number;
  readonly rows: number;
  /** Values by column, signed 32 bits (unsigned columns hold values below 2³¹ but `event` and `chip` of damaged records). */
  readonly columns: Readonly<Record<EventColumnName, Int32Array>>;
  /** Index of each record's chip in `chips`. */
  readonly chipSlot: Uint8Array;
  readonly chips: readonly number[];
}

/**
 * Records of a batch: 15 columns of 78 rows each then fill about 200 kB. A multiple of the number of chips on a board,
 * so that from batch to batch a row is about the same chip.
 */
const batchRecords = 48;

/**
 * Fills event columns from records into buffers that are used over and over, and hands every full batch to `use`.
 * Columns that never change (half, channel; totflag and adcm of characterisation words) are written once.
 */
export class EventColumns implements RecordConsumer {
  private readonly columns: Record<EventColumnName, Int32Array>;
  private readonly chipSlot = new Uint8Array(batchRecords);
  private chips: readonly number[] = [];
  private records = 0;

  constructor(
    private readonly format: DataFormat,
    private readonly use: (batch: EventBatch) => void,
  ) {
    this.columns = newColumns();
  }

  consume(batch: RecordBatch): void {
    this.chips = batch.chips;
    let from = 0;
    while (from < batch.count) {
      const count = Math.min(batch.count - from, batchRecords - this.records);
      this.fill(batch, from, count);
      from += count;
      this.records += count;
      if (this.records === batchRecords) this.flush();
    }
  }

  /** Hands out what is left; call after the last record. */
  flush(): void {
    const { records, columns, chipSlot, chips } = this;
    if (records > 0) this.use({ records, rows: records * rowsPerRecord, columns, chipSlot, chips });
    this.records = 0;
  }

  private fill(batch: RecordBatch, from: number, count: number): void {
    const { words, start, corruption, chipSlot, halfStride } = batch;
    const base = this.records;
    for (let i = 0; i < count; i++) {
      const row = (base + i) * rowsPerRecord;
      const at = start[from + i];
      this.chipSlot[base + i] = chipSlot[from + i];
      this.fillRecord(words, at, row);
      for (let half = 0; half < 2; half++) {
        const halfAt = at + firstHalfWord + half * halfStride;
        this.fillHeader(words[halfAt], corruption[2 * (from + i) + half], row + half * rowsPerHalf);
        if (this.format === 'raw') this.fillRaw(words, halfAt, row + half * rowsPerHalf);
        else this.fillCharacterisation(words, halfAt, row + half * rowsPerHalf);
      }
    }
    this.fillTriggers(batch, from, count);
  }

  private fillRecord(words: Int32Array, at: number, row: number): void {
    const { event, chip } = this.columns;
    const eventNumber = words[at];
    for (let i = row; i < row + rowsPerRecord; i++) event[i] = eventNumber;
    fillWhereOther(chip, words[at + 1], row, rowsPerRecord);
  }

  private fillHeader(header: number, bits: number, row: number): void {
    const { corruption, bxcounter, eventcounter, orbitcounter } = this.columns;
    const bx = (header >>> 16) & 0xfff;
    const event = (header >>> 10) & 0x3f;
    const orbit = (header >>> 7) & 7;
    for (let i = row; i < row + rowsPerHalf; i++) {
      bxcounter[i] = bx;
      eventcounter[i] = event;
      orbitcounter[i] = orbit;
    }
    fillWhereOther(corruption, bits, row, rowsPerHalf);
  }

  private fillCharacterisation(words: Int32Array, half: number, row: number): void {
    const { adc, tot, toa } = this.columns;
    fillCommonMode(words[half + 1], adc, row);
    // row r of a half is word r of it, from the third on
    for (let r = firstChannelWord; r < rowsPerHalf; r++) {
      const word = words[half + r];
      adc[row + r] = (word >>> 20) & 0x3ff;
      tot[row + r] = totOfCode[(word >>> 10) & 0x3ff];
      toa[row + r] = word & 0x3ff;
    }
  }

  private fillRaw(words: Int32Array, half: number, row: number): void {
    const { adc, adcm, tot, toa, totflag } = this.columns;
    fillCommonMode(words[half + 1], adc, row);
    for (let r = firstChannelWord; r < rowsPerHalf; r++) {
      const word = words[half + r];
      const middle = (word >>> 10) & 0x3ff;
      // all bits set where the word carries tot (totflag 2, 3), none where it carries adc: −1 without a branch
      const carriesTot = word >> 31;
      totflag[row + r] = word >>> 30;
      adcm[row + r] = (word >>> 20) & 0x3ff;
      adc[row + r] = middle | carriesTot;
      tot[row + r] = totOfCode[middle] | ~carriesTot;
      toa[row + r] = word & 0x3ff;
    }
    // the calibration channel's word has the characterisation format always
    const calibration = words[half + calibrationWord];
    totflag[row + calibrationWord] = 0;
    adcm[row + calibrationWord] = -1;
    adc[row + calibrationWord] = (calibration >>> 20) & 0x3ff;
    tot[row + calibrationWord] = totOfCode[(calibration >>> 10) & 0x3ff];
  }

  private fillTriggers(batch: RecordBatch, from: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const latencyWords = batch.latencyWords[from + i];
      const { time, width } =
        latencyWords === 0 ? noPulse : triggerPulse(batch.words, batch.latencyAt[from + i], latencyWords);
      const row = (this.records + i) * rowsPerRecord;
      fillWhereOther(this.columns.trigtime, time, row, rowsPerRecord);
      fillWhereOther(this.columns.trigwidth, width, row, rowsPerRecord);
    }
  }
}

/** Index of the first set bit of the trigger-latency words, most significant first (−1: none), and how many are set. */
export function triggerPulse(words: Int32Array, at: number, count: number): { time: number; width: number } {
  let time = -1;
  let width = 0;
  for (let i = 0; i < count; i++) {
    const word = words[at + i];
    if (time < 0 && word !== 0) time = 32 * i + Math.clz32(word);
    for (let bits = word; bits !== 0; bits &= bits - 1) width++;
  }
  return { time, width };
}

const noPulse = { time: -1, width: 0 };

const totOfCode = Int32Array.from({ length: 1024 }, (_, code) => expandTot(code));

/** Rows of a record are always filled as a whole: where the first has the value from the batch before, all have it. */
function fillWhereOther(column: Int32Array, value: number, row: number, rows: number): void {
  if (column[row] !== value) column.fill(value, row, row + rows);
}

function fillCommonMode(word: number, adc: Int32Array, row: number): void {
  adc[row] = (word >>> 10) & 0x3ff;
  adc[row + 1] = word & 0x3ff;
}

function newColumns(): Record<EventColumnName, Int32Array> {
  const rows = batchRecords * rowsPerRecord;
  const columns = Object.fromEntries(eventColumnNames.map((name) => [name, new Int32Array(rows)])) as Record<
    EventColumnName,
    Int32Array
  >;
  for (let row = 0; row < rows; row++) {
    const inHalf = row % rowsPerHalf;
    columns.half[row] = Math.floor(row / rowsPerHalf) % 2;
    columns.channel[row] = eventRowChannels[inHalf];
    // of common-mode channels tot, toa, totflag and adcm are 0, of characterisation words adcm is not carried
    columns.adcm[row] = inHalf < firstChannelWord ? 0 : -1;
    columns.trigtime[row] = -1;
  }
  return columns;
}
