import { updateMap } from '../../../src/domain/config/overlay.js';
import type { ConfigMap, ConfigValue, Key } from '../../../src/domain/config/value.js';
import { encodeRun } from '../../../src/domain/hgcroc/encode.js';
import { RawDecoder } from '../../../src/domain/hgcroc/raw-decoder.js';
import { SummaryCounter } from '../../../src/domain/summary/counter.js';
import { summarize } from '../../../src/domain/summary/summarize.js';
import { boardRun } from '../../../src/simulator/chip/board.js';
import type { NumberColumns } from '../tables/tables.js';

export const simulatedBoard = { seed: 42, chips: 3 };

/** One run of a simulated scan: values of all channels and halves of the board, which become columns, too. */
export interface SimulatedPoint {
  /** `ReferenceVoltage` of both halves of all chips. */
  readonly reference?: Readonly<Record<string, number>>;
  /** Of all 72 channels of all chips. */
  readonly channel?: Readonly<Record<string, number>>;
  readonly phase?: number;
}

export interface SimulatedScan {
  readonly points: readonly SimulatedPoint[];
  readonly events: number;
  /** Channels with HighRange 1. */
  readonly injected?: readonly number[];
  /** Laid on the chips' power-on state before the points. */
  readonly calibration?: ConfigMap;
}

/** The summary table of a scan of the simulated board, made without servers: the chips' model, encoded and decoded. */
export function simulatedScan({
  points,
  events,
  injected = [],
  calibration = new Map(),
}: SimulatedScan): NumberColumns {
  const columns: Record<string, number[]> = {};
  const add = (name: string, value: number): void => void (columns[name] ??= []).push(value);
  for (const point of points) {
    const target = updateMap(calibration, new Map([['target', registersOf(point, injected)]])).get('target');
    const { rows, data } = summaryOf(target instanceof Map ? target : new Map(), injected.length > 0, events);
    for (let row = 0; row < rows; row++) {
      for (const [name, values] of data) add(name, Number(values[row]));
      const normal = columns['channeltype'].at(-1) === 0;
      for (const [name, value] of Object.entries(point.reference ?? {})) add(name, value);
      for (const [name, value] of Object.entries(point.channel ?? {})) add(name, normal ? value : 0);
      if (point.phase !== undefined) add('phase_strobe', point.phase);
      add('HighRange', normal && injected.includes(columns['channel'].at(-1) ?? NaN) ? 1 : 0);
    }
  }
  return columns;
}

function registersOf({ reference = {}, channel = {}, phase }: SimulatedPoint, injected: readonly number[]): ConfigMap {
  const map = (object: Readonly<Record<string, number>>): ConfigMap => new Map(Object.entries(object));
  const voltages = { Inv_vref: 300, Noinv_vref: 100, Toa_vref: 400, Tot_vref: 700 };
  const half = map({ IntCtest: injected.length > 0 ? 1 : 0, ...voltages, ...reference });
  const channels = Array.from({ length: 72 }, (_, i): [Key, ConfigValue] => {
    return [i, map(injected.includes(i) ? { ...channel, HighRange: 1 } : channel)];
  });
  const chip: ConfigMap = new Map<Key, ConfigValue>([
    ['DigitalHalf', new Map([0, 1].map((i) => [i, map({ CalibrationSC: 1, L1Offset: 10 })]))],
    ['ReferenceVoltage', new Map([0, 1].map((i) => [i, half]))],
    ['ch', new Map(channels)],
    ['Top', new Map([[0, map({ phase_strobe: phase ?? 0 })]])],
  ]);
  return new Map(Array.from({ length: simulatedBoard.chips }, (_, i) => [`roc_s${i}`, chip]));
}

function summaryOf(target: ConfigMap, injection: boolean, events: number): ReturnType<typeof summarize> {
  const daq: ConfigMap = new Map([['active_menu', injection ? 'calibAndL1A' : 'randomL1A']]);
  const run = boardRun(simulatedBoard, target, daq);
  const records = Array.from({ length: events }, (_, event) => run.event(event)).flat();
  const counter = new SummaryCounter();
  const decoder = new RawDecoder([counter]);
  decoder.push(encodeRun(records, { layout: 'split' }));
  decoder.end();
  return summarize(counter);
}
