import { expect, test } from 'vitest';
import { isMap, type ConfigMap } from '../../../src/domain/config/value.js';
import {
  encodeSlowControlRequest,
  parseSlowControlRequest,
  slowControlRequest,
} from '../../../src/domain/daq/slow-control.js';
import { withOwnChannels } from '../../../src/domain/daq/half-wise.js';
import { mapping } from '../../support/plans/daq-procedure.js';

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

test('where HalfWise changes, what channels of that half have of their own is written again', () => {
  const state = mapping(
    '{roc_s0: {HalfWise: {0: {trim_inv: 5}}, ch: {3: {trim_inv: 9, trim_toa: 1}, 4: {trim_toa: 2}, 40: {trim_inv: 8}}, cm: {1: {trim_inv: 6}, 2: {trim_inv: 6}}}}',
  );
  expect(withOwnChannels(mapping('{roc_s0: {HalfWise: {0: {trim_inv: 5}}}}'), state)).toEqual(
    mapping('{roc_s0: {HalfWise: {0: {trim_inv: 5}}, ch: {3: {trim_inv: 9, trim_toa: 1}}, cm: {1: {trim_inv: 6}}}}'),
  );
  const others = mapping('{roc_s0: {ch: {3: {trim_inv: 9}}}, roc_s1: {HalfWise: {0: {trim_inv: 5}}}}');
  expect(withOwnChannels(others, state)).toEqual(others);
});
