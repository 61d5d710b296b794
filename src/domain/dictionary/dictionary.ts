/**
 * Room: what the names in tables, configurations and screens mean.
 * May use: domain/config, domain/config/registers, domain/hgcroc, domain/table.
 */

import { suggestion } from '../config/nearest.js';
import { registerBlocks } from '../config/registers/registers.js';
import { columnMeaning } from '../hgcroc/column-meaning.js';
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
