import { describe, expect, it, test } from 'vitest';
import { Pedestal } from '../../src/analyses/pedestal.js';
import { noiseFromEvents } from '../../src/analyses/pedestal/from-events.js';
import { seededRandom } from '../../src/domain/random.js';
import { rowsOf, runInMemory } from '../support/plans/analysis.js';
import { columnsOf } from '../support/stand/known-board.js';
import { memoryTable } from '../support/tables/tables.js';
import { expectGoodPulls, toys } from '../support/tools/pulls.js';

const own = 1.1;
/** The mean over the ordinary channels is 1; common-mode channels have 3. */
const slopeOf = (channel: number): number => (channel > 36 ? 3 : 1 + 0.02 * (channel - 17.5));

interface Planted {
  readonly events: number;
  readonly common: number;
  readonly halves?: number;
  /** Correlation of the halves' common modes. */
  readonly shared?: number;
  /** Of half 0, from event to event. */
  readonly memory?: number;
}

function events(seed: number, { events: count, common, halves = 1, shared = 0, memory = 0 }: Planted) {
  const random = seededRandom(seed);
  let before = 0;
  const rows = Array.from({ length: count }, (_, event) => {
    const both = random.normal();
    return Array.from({ length: halves }, (_, half) => {
      const fresh = Math.sqrt(shared) * both + Math.sqrt(1 - shared) * random.normal();
      const moved = half === 0 ? memory * before + Math.sqrt(1 - memory ** 2) * fresh : fresh;
      if (half === 0) before = moved;
      return Array.from({ length: 39 }, (_, channel) => {
        const adc = 300 + own * random.normal() + slopeOf(channel) * common * moved;
        return { event, chip: half >> 1, half: half & 1, channel, adc, corruption: 0 };
      });
    }).flat();
  });
  return memoryTable(columnsOf(rows.flat()), { procedure: 'p', mode: 'full', axes: [] });
}

describe('pulls of the common mode (seeds 1001 to 2000, 200 events each)', () => {
  it('of its noise, of the slope of an ordinary and of a common-mode channel', { timeout: 120_000 }, async () => {
    const common = 0.6;
    const pulls: { noise: number[]; ordinary: number[]; commonMode: number[] } = {
      noise: [],
      ordinary: [],
      commonMode: [],
    };
    for (let seed = 1001; seed <= 1000 + toys; seed++) {
      const { channels, commonModes } = await noiseFromEvents(events(seed, { events: 200, common }));
      pulls.noise.push((commonModes[0].noise - common) / commonModes[0].noiseError);
      const pull = (at: number, truth: number): number =>
        (channels[at].commonModeSlope - truth) / channels[at].commonModeSlopeError;
      pulls.ordinary.push(pull(30, slopeOf(30)));
      pulls.commonMode.push(pull(38, 3));
    }
    expectGoodPulls(pulls.noise);
    expectGoodPulls(pulls.ordinary);
    expectGoodPulls(pulls.commonMode);
  });
});

test('a planted common mode is found: its noise, slopes, what remains, and what halves share', async () => {
  const table = events(5, { events: 4000, common: 0.45, halves: 4, shared: 0.6 });
  const { channels, commonModes } = await noiseFromEvents(table);
  expect(commonModes).toHaveLength(4);
  for (const found of commonModes) {
    expect(Math.abs(found.noise / 0.45 - 1)).toBeLessThan(0.05);
    expect(Math.abs(found.otherHalf - 0.6)).toBeLessThan(4 * found.correlationError);
    expect(Math.abs(found.otherChips - 0.6)).toBeLessThan(4 * found.correlationError);
    expect(Math.max(...found.autocorrelations.map(Math.abs))).toBeLessThan(5 * found.correlationError);
    expect(found.slopes[0]).toBeLessThan(found.slopes[1]);
  }
  for (const { noiseWithoutCommonMode } of channels)
    expect(Math.abs(noiseWithoutCommonMode / own - 1)).toBeLessThan(0.05);
});

test('pick-up that oscillates is told; without a common mode there are neither slopes nor correlations', async () => {
  const made = await runInMemory(Pedestal, [events(6, { events: 2000, common: 1, halves: 2, memory: 0.8 })]);
  expect(made.warnings.filter((text) => text.includes('oscillates'))).toEqual([
    expect.stringMatching(
      /^chip 0, half 0: the common mode oscillates, its correlation from event to event is 0\.[78]/,
    ),
  ]);
  const quiet = rowsOf(
    (await runInMemory(Pedestal, [events(7, { events: 500, common: 0 })])).csv.get('common_mode.csv'),
  );
  expect(quiet).toHaveLength(1);
  expect(quiet[0]).toMatchObject({ slope_median: NaN, autocorrelation_1: NaN, correlation_other_half: NaN });
  expect(Number(quiet[0]['noise'])).toBeLessThan(4 * Number(quiet[0]['noise_error']));
});
