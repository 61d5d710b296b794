import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../../src/domain/config/yaml/yaml.js';
import { isMap, type ConfigMap } from '../../../src/domain/config/value.js';
import { buildTableLayout } from '../../../src/domain/table/build-layout.js';
import { RowPacker } from '../../../src/domain/table/pack.js';
import { readingsShown, withReadingColumns } from '../../../src/domain/table/reading-columns.js';
import { rowSize } from '../../../src/domain/table/schema.js';
import { partKey } from '../../../src/io/process/part.js';

function map(text: string): ConfigMap {
  const value = parseYaml(text);
  if (!isMap(value)) throw new Error('not a mapping');
  return value;
}

const startState = map('target: {roc_s0: {ReferenceVoltage: {0: {Calib: 7}, 1: {Calib: 8}}}}');
const { layout } = buildTableLayout({ mode: 'full', dataColumns: ['adc', 'Calib'], startState, axes: [] });
const noAxes = new Map();

/** The last 8 bytes of the first row of chip 0, after `setRun`. */
function lastValue(packer: RowPacker): number {
  const rowBytes = rowSize(packer.layout.schema);
  const zeros = new Int32Array(78);
  const bytes = packer.pack({ groups: 1, chipOf: () => 0, column: () => zeros });
  return new DataView(bytes.buffer, bytes.byteOffset + rowBytes - 8).getFloat64(0, true);
}

describe('columns of slow readings', () => {
  test('stand behind all others, float64; without names nothing changes', () => {
    const { schema } = withReadingColumns(layout, ['temperature', 'bias']);
    expect(schema.columns.map(({ name }) => name)).toEqual(['adc', 'Calib', 'temperature', 'bias']);
    expect(schema.columns.slice(2).map(({ type }) => type)).toEqual(['f64', 'f64']);
    expect(withReadingColumns(layout, [])).toBe(layout);
  });

  test('have another name where the table has theirs', () => {
    const { schema } = withReadingColumns(layout, ['Calib', 'adc']);
    expect(schema.columns.map(({ name }) => name)).toEqual(['adc', 'Calib', 'reading_Calib', 'reading_adc']);
  });

  test('follow the run, and are NaN where it has none', () => {
    const packer = new RowPacker(withReadingColumns(layout, ['temperature']));
    packer.setRun(startState, noAxes, { temperature: 24.1 });
    expect(lastValue(packer)).toBe(24.1);
    packer.setRun(startState, noAxes, { temperature: -300.25, other: 1 });
    expect(lastValue(packer)).toBe(-300.25);
    packer.setRun(startState, noAxes);
    expect(lastValue(packer)).toBeNaN();
  });

  test("decide the part's key only where they are shown", () => {
    const key = (shown: typeof layout, readings?: Record<string, number>) =>
      partKey({ sha256: 'a', runKey: 'b', axisValues: noAxes, layout: shown, dataFormat: 'raw', readings });
    const withTemperature = withReadingColumns(layout, ['temperature']);
    expect(key(layout, { temperature: 1 })).toBe(key(layout));
    expect(key(withTemperature, { temperature: 1 })).not.toBe(key(withTemperature, { temperature: 2 }));
    expect(key(withTemperature, { temperature: 1, other: 2 })).toBe(key(withTemperature, { temperature: 1 }));
    expect(readingsShown(withTemperature, { other: 2 })).toEqual([null]);
  });
});
