import { encodeRecord, slipHalf, type RawRecord } from '../domain/hgcroc/encode.js';
import type { RecordLayout } from '../domain/hgcroc/layout.js';
import type { BoardRun } from './chip/board.js';
import { mix } from './chip/random.js';
import type { FaultName } from './faults.js';

export interface RecordSourcePlan {
  readonly layout: RecordLayout;
  /** After so many events the data repeat under new event numbers; Infinity: never. */
  readonly distinctEvents: number;
  readonly faults: ReadonlySet<FaultName>;
}

/** The encoded records of a run's events. */
export class RecordSource {
  /** Records of the events 0 … `distinctEvents` − 1, as far as they were asked for. */
  private readonly encoded: Uint8Array[][] = [];

  constructor(
    private readonly board: BoardRun,
    private readonly plan: RecordSourcePlan,
  ) {}

  /** One piece per chip. */
  records(event: number): readonly Uint8Array[] {
    const { distinctEvents } = this.plan;
    if (distinctEvents === Infinity) return this.encode(event);
    const first = event % distinctEvents;
    const records = (this.encoded[first] ??= this.encode(first));
    return first === event ? records : records.map((record) => renumbered(record, event));
  }

  private encode(event: number): Uint8Array[] {
    const { layout, faults } = this.plan;
    const corrupt = faults.has('corrupt');
    return this.board.event(event).map((record) => encodeRecord(corrupt ? withSlippedHalves(record) : record, layout));
  }
}

/** The first word of a record is its event number. */
function renumbered(record: Uint8Array, event: number): Uint8Array {
  const copy = Buffer.from(record);
  copy.writeUInt32LE(event);
  return copy;
}

/** Every eighth half or so. */
function withSlippedHalves(record: RawRecord): RawRecord {
  const [first, second] = record.halves.map((half, n) =>
    (mix(record.event, record.chip, n) & 7) === 0 ? slipHalf(half, 2) : half,
  );
  return { ...record, halves: [first, second] };
}
