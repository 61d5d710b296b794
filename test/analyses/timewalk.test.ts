import { expect, it } from 'vitest';
import { Timewalk } from '../../src/analyses/timewalk.js';
import { readTimes } from '../../src/analyses/timing/curves.js';
import { measureWalk } from '../../src/analyses/timing/walk.js';
import { seededRandom } from '../../src/domain/random.js';
import { runInMemory, rowsOf } from '../support/plans/analysis.js';
import { columnsOf } from '../support/stand/known-board.js';
import { memoryTable } from '../support/tables/tables.js';
import { expectGoodPulls, toys } from '../support/tools/pulls.js';

const events = 1000;
const jitter = 2;
const truth = { scale: 3000, pole: 60 };
const amplitudes = [128, 192, 256, 384, 512, 768, 1024, 1536, 2048];
const random = seededRandom(31);

/** A row of a channel whose ToA is late by scale / (Calib − pole), each phase step moving it by 64 counts. */
function row(channel: number, Calib: number, phase_strobe: number, more: Readonly<Record<string, number>> = {}) {
  const time = 100 + 64 * phase_strobe + truth.scale / (Calib - truth.pole);
  return {
    ...{ chip: Math.floor(channel / 72), channel: channel % 72, channeltype: 0, HighRange: 1, Calib, phase_strobe },
    ...{ toa_mean: time + (jitter / Math.sqrt(events)) * random.normal(), toa_stdd: jitter, toa_median: time },
    ...{ toa_efficiency: 1, corruption: 0, ...more },
  };
}

function table(rows: readonly Readonly<Record<string, number>>[], perRun: number) {
  const runs = Array.from({ length: rows.length / perRun }, (_, run) => {
    return { run, firstRow: run * perRun, rows: perRun, events, corruptHalves: 0 };
  });
  const axes = ['Calib', 'phase_strobe'].map((name) => ({ name, length: 2 }));
  return memoryTable(columnsOf(rows), { procedure: 'p', axes }, runs);
}

it('pulls of the timewalk’s scale and pole, and of the phase step, are good (seed 31)', async () => {
  const rows = [0, 3, 6].flatMap((phase) =>
    amplitudes.flatMap((Calib) => Array.from({ length: toys }, (_, channel) => row(channel, Calib, phase))),
  );
  const { channels } = await readTimes(table(rows, toys), {
    dac: 'Calib',
    phase: 'phase_strobe',
    max_corruption: 0.001,
  });
  const walks = channels.map(measureWalk);
  expectGoodPulls(walks.map(({ fit }) => ((fit?.values[0] ?? NaN) - truth.scale) / (fit?.errors[0] ?? NaN)));
  expectGoodPulls(walks.map(({ fit }) => ((fit?.values[1] ?? NaN) - truth.pole) / (fit?.errors[1] ?? NaN)));
  // a line through three points: its errors are scaled up by χ² of one degree of freedom, where that exceeds 1
  const slopes = walks.map(({ line }) => ((line?.slope ?? NaN) - 64) / (line?.slopeError ?? NaN));
  expect(Math.abs(slopes.reduce((sum, pull) => sum + pull, 0) / slopes.length)).toBeLessThan(0.15);
});

it('leaves out what is seen without charge, and a point that is earlier than larger ones', async () => {
  const scan = [0, ...amplitudes].flatMap((Calib) => [0, 6].map((phase) => ({ Calib, phase })));
  const rows = scan.flatMap(({ Calib, phase }) => {
    if (Calib === 0) return [row(10, 2048, phase, { Calib: 0 }), row(20, 2048, phase, { Calib: 0 })];
    const late = row(20, Calib, phase);
    return [row(10, Calib, phase), Calib === 128 ? { ...late, toa_mean: late.toa_mean - 60 } : late];
  });
  const made = await runInMemory(Timewalk, [table(rows, 2)]);
  const result = rowsOf(made.csv.get('timewalk.csv'));
  expect(result.map((each) => each['smallest_amplitude'])).toEqual([128, 192]);
  expect(result.map((each) => each['suspicious_amplitudes'])).toEqual(['', '128']);
  for (const each of result) expect(Math.abs(Number(each['pole']) - 60)).toBeLessThan(5 * Number(each['pole_error']));
  expect(made.warnings).toEqual(['chip 0, channel 20: earlier at Calib 128 than at larger amplitudes, left out']);
});
