import { describe, expect, it } from 'vitest';
import { Pedestal } from '../../src/analyses/pedestal.js';
import { seededRandom } from '../../src/domain/random.js';
import { runInMemory, rowsOf } from '../support/plans/analysis.js';
import { columnsOf, knownBoard } from '../support/stand/known-board.js';
import { memoryTable } from '../support/tables/tables.js';

describe('pedestal from statistics', () => {
  const noise = ({ chip, channel }: { chip: number; channel: number }): number =>
    chip === 1 && channel === 5 ? 0.1 : chip === 0 && channel === 50 ? 6 : 1.2 + 0.001 * channel;
  const rows = [0, 1].flatMap((run) =>
    knownBoard().map(({ chip, channel, pedestal }) => ({
      chip,
      channel,
      channeltype: 0,
      adc_mean: pedestal + (run === 0 ? -0.5 : 0.5),
      adc_stdd: noise({ chip, channel }),
    })),
  );

  it('averages runs and flags what is dead or noisy', async () => {
    const made = await runInMemory(Pedestal, [memoryTable(columnsOf(rows))]);
    expect(made.missing).toEqual([]);
    const result = rowsOf(made.csv.get('pedestal.csv'));
    expect(result).toHaveLength(144);
    expect(result[3]?.['pedestal']).toBeCloseTo(knownBoard()[3].pedestal, 6);
    const flagged = result.filter((row) => row['flag'] !== '');
    expect(flagged.map(({ chip, channel, flag }) => [chip, channel, flag])).toEqual([
      [0, 50, 'noisy'],
      [1, 5, 'dead'],
    ]);
    expect(made.warnings).toHaveLength(2);
  });
});

describe('pedestal from single events', () => {
  const events = 400;
  const common = 2;
  const own = 1.3;

  /** One half of a chip whose channels move together by `common` and alone by `own`; every tenth event is corrupt. */
  function eventTable() {
    const random = seededRandom(3);
    const rows = Array.from({ length: events }, (_, event) => {
      const shift = common * random.normal();
      const corruption = event % 10 === 9 ? 1 : 0;
      return Array.from({ length: 39 }, (_, channel) => {
        const adc = Math.round(300 + channel + shift + own * random.normal());
        return { event, chip: 0, half: 1, channel, adc: corruption === 1 ? 1023 : adc, corruption };
      });
    });
    return memoryTable(columnsOf(rows.flat()), { procedure: 'p', mode: 'full', axes: [] });
  }

  it('takes the common mode away, leaves corrupt halves out, and maps channels as the summary does', async () => {
    const made = await runInMemory(Pedestal, [eventTable()]);
    const result = rowsOf(made.csv.get('pedestal.csv'));
    const normal = result.filter((row) => row['channeltype'] === 0);
    expect(normal.map((row) => row['channel'])).toEqual(Array.from({ length: 36 }, (_, i) => 36 + i));
    expect(result.filter((row) => row['channeltype'] !== 0).map((row) => [row['channeltype'], row['channel']])).toEqual(
      [
        [1, 1],
        [100, 2],
        [100, 3],
      ],
    );
    const average = (name: string): number =>
      Math.sqrt(normal.reduce((sum, row) => sum + Number(row[name]) ** 2, 0) / normal.length);
    expect(average('noise')).toBeCloseTo(Math.hypot(common, own), 0);
    // rounding to counts adds 1/12
    expect(Math.abs(average('noise_without_common_mode') - Math.sqrt(own ** 2 + 1 / 12))).toBeLessThan(0.03);
    expect(
      Math.max(...normal.map((row) => Math.abs(Number(row['pedestal']) - 264 - Number(row['channel'])))),
    ).toBeLessThan(0.6);
  });
});
