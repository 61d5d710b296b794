import { expect, test } from 'vitest';
import { logLine } from '../../../src/client/text/log-line.js';

const now = new Date('2026-01-02T03:04:05.678Z');

test.each([
  ['', 'ready', '2026-01-02T03:04:05Z INFO ready'],
  ['', 'WARN worker daq (lab) has ended', '2026-01-02T03:04:05Z WARN worker daq (lab) has ended'],
  ['worker daq (lab)', 'ERROR it broke', '2026-01-02T03:04:05Z ERROR worker daq (lab): it broke'],
  ['worker daq (lab)', 'worker daq (lab): it broke', '2026-01-02T03:04:05Z INFO worker daq (lab): it broke'],
])('a line of %j that says %j', (part, text, line) => expect(logLine(part, text, now)).toBe(line));
