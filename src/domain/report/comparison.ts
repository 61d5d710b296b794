import { html, table, type Html } from './html.js';
import { renderPage } from './page.js';
import type { ScanReport } from './model.js';

/** Numbers of a table by column, each by what its row is of (a channel). */
export interface NamedNumbers {
  /** `pedestal/pedestal.csv` */
  readonly table: string;
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** What changed in a column between two scans. */
export interface Change {
  readonly table: string;
  readonly column: string;
  /** Rows that both have. */
  readonly common: number;
  /** Medians of these rows. */
  readonly before: number;
  readonly after: number;
  /** Median of the rows' own changes. */
  readonly change: number;
  /** Where it changed most, and by how much. */
  readonly most: { readonly of: string; readonly change: number };
}

/** Columns that tell which row it is, or what does not change by itself. */
const naming: ReadonlySet<string> = new Set(['chip', 'channeltype', 'channel']);

/** All columns that both have; `after` is the scan in question. */
export function compareNumbers(before: readonly NamedNumbers[], after: readonly NamedNumbers[]): Change[] {
  return after.flatMap(({ table, columns }) => {
    const other = before.find((each) => each.table === table);
    if (other === undefined) return [];
    const shared = [...columns].filter(([column]) => !naming.has(column));
    return shared.flatMap(([column, values]) => compareColumn(table, column, other.columns.get(column), values) ?? []);
  });
}

function compareColumn(
  table: string,
  column: string,
  before: ReadonlyMap<string, number> | undefined,
  after: ReadonlyMap<string, number>,
): Change | undefined {
  const rows = [...after].flatMap(([of, value]) => {
    const old = before?.get(of);
    return old === undefined ? [] : [{ of, old, value, change: value - old }];
  });
  const [first] = rows;
  if (first === undefined) return undefined;
  const most = rows.reduce((best, row) => (Math.abs(row.change) > Math.abs(best.change) ? row : best), first);
  return {
    ...{ table, column, common: rows.length },
    before: median(rows.map(({ old }) => old)),
    after: median(rows.map(({ value }) => value)),
    change: median(rows.map(({ change }) => change)),
    most: { of: most.of, change: most.change },
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A page that sets two scans side by side. */
export function renderComparison(before: ScanReport, after: ScanReport, changes: readonly Change[]): string {
  const title = `${after.title} against ${before.title}`;
  const body = html`<h1>${title}</h1>
    ${outcomes(before, after)}
    <h2>Flagged channels</h2>
    ${channels(before, after)}
    <h2>Results</h2>
    ${
      changes.length === 0
        ? html`<p class="soft">no table with numbers is in both</p>`
        : html`<div class="scroll">${table(headings, changes.map(changeRow))}</div>`
    }`;
  return renderPage(title, body);
}

const headings = ['table', 'column', 'rows', 'median before', 'median now', 'median change', 'largest change', 'of'];

function changeRow({ table, column, common, before, after, change, most }: Change): string[] {
  return [
    table,
    column,
    String(common),
    number(before),
    number(after),
    number(change),
    number(most.change),
    most.change === 0 ? '' : most.of,
  ];
}

function number(value: number): string {
  return String(Number(value.toPrecision(5)));
}

function outcomes(before: ScanReport, after: ScanReport): Html {
  const text = (report: ScanReport, name: string): string => {
    const outcome = report.outcomes.find((each) => each.name === name);
    if (outcome === undefined) return 'not there';
    return [outcome.state, outcome.quality?.verdict ?? '', outcome.text].filter((each) => each !== '').join(', ');
  };
  const names = [...new Set([...after.outcomes, ...before.outcomes].map(({ name }) => name))];
  const facts = (['stand', 'board', 'started', 'software'] as const).map((name) => {
    const of = (report: ScanReport): string => report.facts.find((fact) => fact.name === name)?.value ?? '';
    return [name, of(before), of(after)];
  });
  const rows = [...facts, ...names.map((name) => [name, text(before, name), text(after, name)])];
  return html`<div class="scroll">${table(['', before.title, after.title], rows)}</div>`;
}

function channels(before: ScanReport, after: ScanReport): Html {
  const key = ({ analysis, channel, why }: ScanReport['badChannels'][number]): string =>
    `${channel}: ${why} (${analysis})`;
  const [old, now] = [new Set(before.badChannels.map(key)), new Set(after.badChannels.map(key))];
  const rows = [
    ...[...now].filter((each) => !old.has(each)).map((each) => ['new', each]),
    ...[...old].filter((each) => !now.has(each)).map((each) => ['no more', each]),
    ...[...now].filter((each) => old.has(each)).map((each) => ['still', each]),
  ];
  return rows.length === 0
    ? html`<p class="soft">none in either</p>`
    : html`<div class="scroll">${table(['', 'channel'], rows)}</div>`;
}
