/**
 * Room: what is there and what is missing on a computer: the first thing that a report of a fault needs.
 * May use: client, client/options, client/text, domain, io, io/output, io/processes, io/rights, io/stand/locks,
 * io/temporal, workflows.
 */

import { countText } from '../../domain/quantities.js';
import { textTable } from '../text/text-table.js';

/** `missing`: something will not work; `note`: worth a look. */
export type State = 'ok' | 'note' | 'missing';

export interface Finding {
  readonly name: string;
  readonly state: State;
  readonly text: string;
  readonly remedy?: string;
}

export function ok(name: string, text: string): Finding {
  return { name, state: 'ok', text };
}

export function note(name: string, text: string, remedy?: string): Finding {
  return { name, state: 'note', text, ...(remedy === undefined ? {} : { remedy }) };
}

export function missing(name: string, text: string, remedy: string): Finding {
  return { name, state: 'missing', text, remedy };
}

/** What a check finds; where it throws, that it could not look. */
export async function look(name: string, check: () => Promise<Finding | readonly Finding[]>): Promise<Finding[]> {
  try {
    return [await check()].flat();
  } catch (error) {
    return [note(name, `cannot be told: ${error instanceof Error ? error.message : String(error)}`)];
  }
}

/** Clocks that differ by less than this are as good as equal; in seconds. */
export const clockSlack = 2;

const marks: Readonly<Record<State, string>> = { ok: '', note: 'note', missing: 'MISSING' };

export function findingsText(findings: readonly Finding[]): string {
  const rows = findings.flatMap(({ name, state, text, remedy }) => [
    [marks[state], name, text],
    ...(remedy === undefined ? [] : remedy.split('\n').map((line) => ['', '', `  ${line.trim()}`])),
  ]);
  const of = (state: State): number => findings.filter((finding) => finding.state === state).length;
  const summary = `${of('missing')} missing, ${countText(of('note'), 'note')}, ${of('ok')} in order`;
  return `${textTable(['', '', ''], rows).join('\n')}\n${summary}\n`;
}
