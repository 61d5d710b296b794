/**
 * Room: plots that several analyses share: axes with units, values by channel, maps.
 * May use: analyses/data, domain/analysis, domain/table.
 */

import type { TableReader } from '../../domain/table/reader.js';

/** A plot's axis for a column: its name in the data and the title with unit that people read. */
export interface PlotAxis {
  readonly field: string;
  readonly title: string;
}

/** Size of one panel of a plot, in SVG units. */
export const panel = { width: 300, height: 180 };

/** One column of panels per chip, headed by its number. */
export const chipColumns = {
  field: 'chip',
  type: 'ordinal',
  title: null,
  header: { labelExpr: "'chip ' + datum.value" },
};

/** More channels than this are not told apart by colour: colours would come twice. */
const maxColours = 8;

/** Tells the curves of channels apart by colour, or, where there are many, by nothing. */
export function channelColour(curves: readonly { readonly channel: number }[]): Record<string, unknown> {
  const channels = new Set(curves.map(({ channel }) => channel));
  const named = { color: { field: 'channel', type: 'nominal', title: 'channel' } };
  return channels.size <= maxColours ? named : { detail: { field: 'channel', type: 'nominal' } };
}

/** Title of a column from the table's own label and unit, else from `fallback`, else its name. */
export function columnAxis(table: TableReader, field: string, fallback?: string): PlotAxis {
  const scanned = table.metadata.axes.find((axis) => axis.name === field);
  const column = table.schema.columns.find((candidate) => candidate.name === field);
  const label = scanned?.label ?? column?.label;
  const unit = scanned?.unit ?? column?.unit;
  if (label === undefined && unit === undefined) return { field, title: fallback ?? field };
  return { field, title: `${label ?? field}${unit === undefined ? '' : ` [${unit}]`}` };
}

/** `title` and, beneath it, where the data comes from. */
export function plotTitle(text: string, table: TableReader, more: readonly string[] = []): Record<string, unknown> {
  const { procedure, stand, board } = table.metadata;
  const source = [procedure, board === undefined ? '' : `board ${board}`, stand === undefined ? '' : `stand ${stand}`];
  const subtitle = [source.filter((part) => part !== '').join(' · '), ...more].filter((line) => line !== '');
  return { text, subtitle };
}
