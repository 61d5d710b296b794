import { describe, expect, test } from 'vitest';
import { refusesConfiguration } from '../../../src/domain/daq/refusal.js';
import { registerProblem } from '../../../src/simulator/chip/registers.js';

describe('a refused configuration', () => {
  test.each([
    'HighRang in 10 in ch in ROC roc_s0',
    'invalid key 40 in ReferenceVoltage in ROC roc_s1',
    'Calib is 4096 and outside of bounds [0,4095] in 0 in ReferenceVoltage in ROC roc_s0_1',
    "'invalid key HighRang in 10 in ch in ROC roc_s0'",
    'No ROC configuration performed',
    "No ROCs from config found in ROCs ['roc_s0']",
    `Wrong key 'from_hardware' in {'type': 'get', 'args': {}}`,
    `During configuration of the ROCs an error ocurred: Server responded with error: HighRang in 10 in ch in ROC roc_s0`,
    'invalid request: the message is a list, not a mapping',
  ])('%s', (text) => expect(refusesConfiguration(text)).toBe(true));

  test.each([
    [['roc_s9', 'ch', 0, 'HighRange'], 1],
    [['roc_s0', 'channel', 0, 'HighRange'], 1],
    [['roc_s0', 'ch', 72, 'HighRange'], 1],
    [['roc_s0', 'ch', 0, 'HighRang'], 1],
    [['roc_s0', 'Top', 0, 'phase_strobe'], 16],
    [['roc_s0', 'Top', 0, 'phase_strobe'], 'six'],
  ])('as the simulator words it: %j = %j', (path, value) => {
    expect(refusesConfiguration(registerProblem(3, path, value) ?? '')).toBe(true);
  });
});

describe('the silence of a board', () => {
  test.each([
    'No such device or address', // ENXIO
    '[Errno 6] No such device or address',
    "[Errno 2] No such file or directory: '/dev/i2c-1'",
    '[Errno 19] No such device',
    '[Errno 22] Invalid argument',
    '[Errno 34] Numerical result out of range',
    '[Errno 56] Invalid request code',
    '[Errno 121] Remote I/O error',
    '[Errno 524] Unknown error 524',
    '121', // how roc-configuration tells of its bus while it reads …
    '6 during write operation to roc_s0', // … and while it writes
    'Read back 3 from (1, 2) does not match written value 5 during write operation to roc_s0',
    'During configuration of the ROCs an error ocurred: Server responded with error: 6 during write operation to roc_s0',
    'During the Data taking the DAQ system encountered an error: Unable to Start server, probably bad link alignment',
    'Device roc_s0 not found on the bus',
    'no reason given',
  ])('%s', (text) => expect(refusesConfiguration(text)).toBe(false));
});
