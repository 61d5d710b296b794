/**
 * Room: what the names in tables, configurations and screens mean.
 * May use: domain/config, domain/config/registers, domain/table.
 */

import { suggestion } from '../config/nearest.js';
import { registerBlocks } from '../config/registers/registers.js';
import { measuredColumns } from '../table/measured-columns.js';

/** What a name in a table or in a configuration means. */
export interface Meaning {
  readonly name: string;
  /** Where it occurs: a column of a mode, a register of a block. */
  readonly where: string;
  /** HDF5 type of a column, range of a register. */
  readonly range: string;
  readonly unit: string;
  readonly meaning: string;
}

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

function columnMeaning(name: string): string {
  const known = columnMeanings[name];
  if (known !== undefined) return known;
  const [, quantity = '', what = ''] = /^(adc|toa|tot)_(\w+)$/.exec(name) ?? [];
  const statistic = statistics[what];
  if (statistic !== undefined) return `${statistic} ${quantities[quantity]}, of the run's events`;
  const share = `share of the run's events with a ${quantity} above 0`;
  return what === 'efficiency_error' ? `statistical error of the ${share}, √(e(1−e)/n)` : share;
}

/** Names of states and phases, as `status`, `DrfPhase` and the report have them. */
const stateMeanings: Readonly<Record<string, string>> = {
  opening: 'the configuration is read and checked (scan)',
  running: 'procedures are in work (scan)',
  waiting: 'not begun: what it depends on, or its turn, is still to come',
  queued: 'waits for the stand, which another procedure or scan has',
  acquiring: 'runs are taken',
  processing: 'all runs are taken; raw files are decoded',
  merging: 'the parts become one table',
  analysing: 'the analysis runs',
  asking: 'a calibration waits for a human: `answer ID accept|reject`',
  paused: 'between two runs: until `resume`, or until what it waits for is there again',
  aborting: 'the run in hand ends, what was measured is processed',
  closing: 'report and calibrations are written (scan)',
  done: 'ended well',
  failed: 'ended with an error',
  aborted: 'ended because somebody wanted it, or with its scan',
};

/** Everything that has a meaning: columns of both modes, registers of the shipped description, states. */
export function dictionary(): Meaning[] {
  return [...columns(), ...registers(), ...states()];
}

function columns(): Meaning[] {
  return (['summary', 'full'] as const).flatMap((mode) =>
    measuredColumns(mode).map(({ name, type, unit = '' }) => {
      const range = typeof type === 'string' ? type : 'text';
      return { name, where: `column, mode ${mode}`, range, unit, meaning: columnMeaning(name) };
    }),
  );
}

function registers(): Meaning[] {
  return [...registerBlocks].flatMap(([block, { count, parameters }]) =>
    [...parameters].map(([name, { min, max, default: powerOn, meaning = '' }]) => {
      const where = `register of ${block}${count > 1 ? ` 0–${count - 1}` : ''}`;
      return { name, where, range: `${min}–${max}, power-on ${powerOn}`, unit: 'register value', meaning };
    }),
  );
}

function states(): Meaning[] {
  return Object.entries(stateMeanings).map(([name, meaning]) => ({
    name,
    where: 'state',
    range: '',
    unit: '',
    meaning,
  }));
}

/** What is known of a name, whatever its case. */
export function explain(name: string): readonly Meaning[] {
  const wanted = name.toLowerCase();
  return dictionary().filter((each) => each.name.toLowerCase() === wanted);
}

/** What may have been meant by a name that is not known. */
export function suggestedName(name: string): string | undefined {
  return suggestion(name, [...new Set(dictionary().map((each) => each.name))]);
}
