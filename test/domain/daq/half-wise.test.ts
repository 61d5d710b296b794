import { expect, test } from 'vitest';
import { isMap, type ConfigMap } from '../../../src/domain/config/value.js';
import {
  encodeSlowControlRequest,
  parseSlowControlRequest,
  slowControlRequest,
} from '../../../src/domain/daq/slow-control.js';
import { mapping } from '../../support/daq-procedure.js';

const chips =
  '{roc_s0: {Top: {0: {phase_strobe: 6}}, ch: {10: {trim_inv: 7}}, HalfWise: {0: {trim_inv: 3}}}, roc_s1: {ch: {1: {trim_inv: 2}}}}';

function sent(type: 'set' | 'get'): ConfigMap {
  return parseSlowControlRequest(encodeSlowControlRequest(slowControlRequest(type, mapping(chips)))).args;
}

test('HalfWise, which writes all channels of a half, is written before the channels; nothing else is changed', () => {
  const blocks = (args: ConfigMap, chip: string) => {
    const found = args.get(chip);
    return isMap(found) ? [...found.keys()] : [];
  };
  expect(blocks(sent('set'), 'roc_s0')).toEqual(['HalfWise', 'Top', 'ch']);
  expect(blocks(sent('set'), 'roc_s1')).toEqual(['ch']);
  expect(sent('set')).toEqual(mapping(chips));
  expect(blocks(sent('get'), 'roc_s0')).toEqual(['Top', 'ch', 'HalfWise']);
});
