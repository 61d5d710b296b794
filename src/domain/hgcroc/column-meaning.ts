const columnMeanings: Readonly<Record<string, string>> = {
  event: 'number of the event in its run; −1 where the stream does not say it',
  chip: 'number of the chip on the board, as in its label (roc_s0, roc_s1 …)',
  half: 'half of the chip: 0 or 1',
  channeltype: '0: channel, 1: calibration channel, 100: common-mode channel',
  channel:
    'summary: 0–71 of a channel, 0–1 of a calibration channel, 0–3 of a common-mode channel; full: 0–35 of a channel of the half, 36 its calibration channel, 37 and 38 its common-mode channels',
  adc: 'amplitude in this bunch crossing; −1 where the word carries none (raw words with totflag 2 or 3)',
  adcm: 'amplitude in the bunch crossing before; −1 in characterisation words, which do not carry it',
  toa: 'time of arrival, 0: none; a count is 25 ns / 1024',
  tot: 'time over threshold, 0: none; −1 where the word carries none',
  totflag: 'the two flag bits of a raw word: above 1 it carries tot instead of adc; 0 in characterisation words',
  trigtime: 'index of the first set bit of the trigger-latency words; −1: none is set',
  trigwidth: 'number of set bits of the trigger-latency words',
  corruption:
    'full: bits of the half, added: 1 header, 2 checksum, 4, 8 and 16 header bits 4, 5 and 6; 0 is sound. summary: share of the halves of this channel whose header is corrupt (begin, end or Hamming bits; not the checksum)',
  bxcounter: 'bunch-crossing counter of the half',
  eventcounter: 'event counter of the half',
  orbitcounter: 'orbit counter of the half',
};

const quantities: Readonly<Record<string, string>> = {
  adc: 'the amplitude',
  toa: 'the time of arrival, events without one (0) included',
  tot: 'the time over threshold, events without one (0) included',
};
const statistics: Readonly<Record<string, string>> = {
  median: 'upper median of',
  iqr: 'distance of the quartiles of',
  mean: 'mean of',
  stdd: 'standard deviation of',
};

/** What a measured column holds; what its unit does not tell: codes, what stands for nothing. */
export function columnMeaning(name: string): string {
  const known = columnMeanings[name];
  if (known !== undefined) return known;
  const [, quantity = '', what = ''] = /^(adc|toa|tot)_(\w+)$/.exec(name) ?? [];
  const statistic = statistics[what];
  if (statistic !== undefined) return `${statistic} ${quantities[quantity]}, of the run's events`;
  const share = `share of the run's events with a ${quantity} above 0`;
  return what === 'efficiency_error' ? `statistical error of the ${share}, √(e(1−e)/n)` : share;
}
