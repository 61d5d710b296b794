import { describe, expect, it, test } from 'vitest';
import { Pedestal } from '../../src/analyses/pedestal.js';
import { noiseFromEvents } from '../../src/analyses/pedestal/from-events.js';
import { noiseFromSummary } from '../../src/analyses/pedestal/from-summary.js';
import { seededRandom } from '../../src/domain/random.js';
import { runInMemory, rowsOf } from '../support/plans/analysis.js';
import { columnsOf } from '../support/stand/known-board.js';
import { memoryTable } from '../support/tables/tables.js';
import { expectGoodPulls, toys } from '../support/tools/pulls.js';

const channels = Array.from({ length: 72 }, (_, channel) => channel);
const axes = [{ name: 'Inv_vref', length: 3 }];

/** A summary row of a channel with pedestal 200 and noise 1.2. */
const row = (channel: number, more: Readonly<Record<string, number>> = {}) => {
  return { chip: 0, channel, channeltype: 0, adc_mean: 200, adc_stdd: 1.2, corruption: 0, ...more };
};

describe('pedestals of a scan', () => {
  const scan = [300, 310, 320].flatMap((Inv_vref) =>
    channels.map((channel) => row(channel, { Inv_vref, adc_mean: 500 - Inv_vref + channel })),
  );

  it('are those of every setting, not of their average', async () => {
    const made = await runInMemory(Pedestal, [memoryTable(columnsOf(scan), { procedure: 'p', axes })]);
    const result = rowsOf(made.csv.get('pedestal.csv'));
    expect(result).toHaveLength(3 * 72);
    expect(result.filter(({ channel }) => channel === 7).map((each) => [each['Inv_vref'], each['pedestal']])).toEqual([
      [300, 207],
      [310, 197],
      [320, 187],
    ]);
    for (const { noise } of result) expect(noise).toBeCloseTo(1.2, 9);
    expect(JSON.stringify(made.plots.get('pedestal_map'))).toContain('shown: Inv_vref 300; the table has 3 such');
  });

  it('are apart in single events, too', async () => {
    const random = seededRandom(5);
    const events = [0, 1].flatMap((run) =>
      Array.from({ length: 200 }, (_, event) =>
        channels.map((place) => {
          const adc = Math.round(200 + 100 * run + 1.2 * random.normal());
          return { event, chip: 0, half: Math.floor(place / 36), channel: place % 36, adc, corruption: 0, Calib: run };
        }),
      ).flat(),
    );
    const runs = [0, 1].map((run) => {
      return { run, firstRow: run * 14_400, rows: 14_400, events: 200, corruptHalves: 0 };
    });
    const about = { procedure: 'p', mode: 'full' as const, axes: [{ name: 'Calib', length: 2 }] };
    const { channels: found } = await noiseFromEvents(memoryTable(columnsOf(events), about, runs));
    expect(found).toHaveLength(2 * 72);
    for (const { condition, pedestal, noise } of found) {
      expect(Math.abs(pedestal - 200 - 100 * Number(condition['Calib']))).toBeLessThan(0.5);
      expect(noise).toBeLessThan(1.6);
    }
  });
});

describe('rows that are no pedestals', () => {
  it('are left out, counted and told: corrupt halves', async () => {
    const good = channels.map((channel) => row(channel));
    const slipped = channels.map((channel) => row(channel, { adc_mean: 264, adc_stdd: 57, corruption: 0.084 }));
    const made = await runInMemory(Pedestal, [memoryTable(columnsOf([...good, ...slipped]))]);
    const result = rowsOf(made.csv.get('pedestal.csv'));
    for (const { pedestal, flag } of result) expect([pedestal, flag]).toEqual([200, '']);
    expect(made.warnings).toEqual([
      '72 of 144 rows left out, more than 0.1 % of their events are corrupt (chip 0: 72)',
    ]);
    const kept = await runInMemory(
      Pedestal,
      [memoryTable(columnsOf([...good, ...slipped]))],
      new Map([['max_corruption', 1]]),
    );
    expect(rowsOf(kept.csv.get('pedestal.csv'))[0]['pedestal']).toBe(232);
  });

  it('flag a channel that has no others; good halves are not compared with it', async () => {
    const rows = channels.map((channel) =>
      channel < 36 ? row(channel) : row(channel, { adc_mean: 264, adc_stdd: 57, corruption: 0.5 }),
    );
    const made = await runInMemory(Pedestal, [memoryTable(columnsOf(rows))]);
    const result = rowsOf(made.csv.get('pedestal.csv'));
    expect(result.map(({ flag }) => flag)).toEqual(channels.map((channel) => (channel < 36 ? '' : 'corrupt')));
  });

  it('are left out: injected channels; a table of nothing else is refused', async () => {
    const injected = { HighRange: 1, Calib: 500, adc_mean: 700 };
    const rows = channels.map((channel) => row(channel, channel === 10 ? injected : { HighRange: 0, Calib: 500 }));
    const made = await runInMemory(Pedestal, [memoryTable(columnsOf(rows))]);
    expect(rowsOf(made.csv.get('pedestal.csv')).map(({ channel }) => channel)).not.toContain(10);
    expect(made.warnings).toContain('1 of 72 rows left out: charge was injected');
    const all = columnsOf(channels.map((channel) => row(channel, injected)));
    await expect(runInMemory(Pedestal, [memoryTable(all)])).rejects.toThrow(/charge was injected into all/);
  });
});

/** Single events of one half: common mode `common`, own noise 1.3, apart from channel 3. */
function halfEvents(seed: number, count: number, common: number, odd = 1.3) {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, event) => {
    const shift = common * random.normal();
    return Array.from({ length: 36 }, (_, channel) => {
      const adc = 300 + (channel === 3 ? odd : 1.3) * random.normal() + (odd === 0 && channel === 3 ? 0 : shift);
      return { event, chip: 0, half: 0, channel, adc, corruption: 0 };
    });
  }).flat();
}

test.each([
  ['a channel with noise 50', 50],
  ['a dead channel', 0],
])('%s does not move the noise of the others by 1 %', async (_, odd) => {
  const quiet = await noiseFromEvents(memoryTable(columnsOf(halfEvents(11, 2000, 0.45))));
  const loud = await noiseFromEvents(memoryTable(columnsOf(halfEvents(11, 2000, 0.45, odd))));
  const others = (found: typeof quiet) =>
    found.channels.filter(({ channel }) => channel !== 3).map((channel) => channel.noiseWithoutCommonMode);
  const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(Math.abs(average(others(loud)) / average(others(quiet)) - 1)).toBeLessThan(0.01);
  expect(average(others(loud))).toBeCloseTo(1.3, 1);
});

describe('pulls (seeds 1 to 28, 36 channels each)', () => {
  const all = async () => {
    const seeds = Array.from({ length: Math.ceil(toys / 36) }, (_, i) => i + 1);
    return Promise.all(seeds.map((seed) => noiseFromEvents(memoryTable(columnsOf(halfEvents(seed, 200, 0))))));
  };

  it('of pedestal, noise, and noise without common mode, from single events', async () => {
    const found = (await all()).flatMap((board) => board.channels);
    expectGoodPulls(found.map(({ pedestal, pedestalError }) => (pedestal - 300) / pedestalError));
    expectGoodPulls(found.map(({ noise, noiseError }) => (noise - 1.3) / noiseError));
    expectGoodPulls(found.map(({ noiseWithoutCommonMode, noiseError }) => (noiseWithoutCommonMode - 1.3) / noiseError));
  });

  it('of pedestal and noise, from the statistics of 400 events', async () => {
    const random = seededRandom(77);
    const events = 400;
    const rows = Array.from({ length: toys }, (_, i) => {
      const adc = Array.from({ length: events }, () => 300 + 1.3 * random.normal());
      const adc_mean = adc.reduce((sum, value) => sum + value, 0) / events;
      const adc_stdd = Math.sqrt(adc.reduce((sum, value) => sum + (value - adc_mean) ** 2, 0) / events);
      return { chip: Math.floor(i / 72), channel: i % 72, channeltype: 0, adc_mean, adc_stdd };
    });
    const runs = [{ run: 0, firstRow: 0, rows: toys, events, corruptHalves: 0 }];
    const table = memoryTable(columnsOf(rows), { procedure: 'p', axes: [] }, runs);
    const { channels: found } = await noiseFromSummary(table, 0.001);
    expectGoodPulls(found.map(({ pedestal, pedestalError }) => (pedestal - 300) / pedestalError));
    expectGoodPulls(found.map(({ noise, noiseError }) => (noise - 1.3) / noiseError));
  });
});
