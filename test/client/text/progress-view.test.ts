import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { formatBars } from '../../../src/client/text/progress-bars.js';
import { canvasOf, progressView } from '../../../src/client/text/progress-view.js';
import { guardOutput } from '../../../src/client/text/guard-output.js';
import { noted } from '../../../src/domain/scan/notes.js';
import type { ScanProgress } from '../../../src/workflows/messages.js';

const counts = { acquired: 2, processed: 1, merged: false, reused: 1, failed: 0, quarantined: 0, shortRuns: 0 };
const reasons = [1, 2, 3, 4].map((run) => `raw/run_0000${run}.raw is missing`);
const notes = reasons.map((text) => ({ kind: 'again', text }) as const);
const progress: ScanProgress = {
  phase: 'running',
  stand: 'lab',
  notes: [],
  procedures: [{ name: 'injection', type: 'daq', state: 'acquiring', runs: 8, ...noted(notes), ...counts }],
};

test('without a terminal every reason to measure again is told once', () => {
  const stream = new PassThrough();
  const view = progressView(stream as unknown as NodeJS.WriteStream);
  for (let second = 0; second < 3; second++) view.show(progress);
  view.end();
  const timed = String(stream.read()).trimEnd().split('\n');
  expect(timed).toEqual(timed.filter((line) => /^\d\d:\d\d:\d\d /.test(line)));
  const lines = timed.map((line) => line.slice(9));
  expect(lines.slice(0, 4)).toEqual(reasons.map((reason) => `injection: ${reason}`));
  expect(lines.slice(4)).toEqual(['running | injection acquiring 2/8 (1 reused)']);
});

test('below the bars stand the first three', () => {
  const lines = formatBars(progress).split('\n');
  expect(lines.slice(3).map((line) => line.trim())).toEqual(reasons.slice(0, 3));
});

test('on a terminal nothing is left that steers it in sight', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  const guarded = stream as unknown as NodeJS.WriteStream;
  guardOutput([guarded]);
  const view = progressView(guarded);
  view.show(progress);
  view.show({ ...progress, phase: 'paused' });
  view.end();
  const text = String(stream.read());
  expect(text).toContain('paused');
  expect(text).not.toContain('\\x1b');
});

test('a pipe is not coloured, whatever the environment asks for', () => {
  // `undefined` would be taken for "as the environment has it", that is coloured where CI or FORCE_COLOR is set
  expect(canvasOf(new PassThrough() as unknown as NodeJS.WriteStream).colours).toBe(false);
});
