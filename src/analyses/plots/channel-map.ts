import type { PlotSpec } from '../../domain/analysis/interface.js';
import { channelTypes } from '../data/channels.js';

/** One value per channel of a board; `flag` draws attention to a channel. */
export interface ChannelMapData {
  /** What the colour means, with its unit. */
  readonly title: string;
  readonly scale?: 'linear' | 'symlog';
  readonly cells: readonly {
    readonly chip: number;
    readonly type: number;
    readonly channel: number;
    readonly value: number;
    readonly flag?: string | undefined;
  }[];
}

/** Channels in a row of the map, so that the two halves of a chip (36 channels each) are two rows each. */
const perRow = 18;

/**
 * Map of a board by channel: a panel per chip with rows of 18 channels (two rows are one half), calibration and
 * common-mode channels in a row of their own. Flagged channels are framed in red and carry their number; one without a
 * value is grey.
 */
export function channelMap(data: ChannelMapData, title: Record<string, unknown>): PlotSpec {
  const known = data.cells.filter((cell) => Number.isFinite(cell.value));
  const isBright = brightness(
    known.map((cell) => cell.value),
    data.scale,
  );
  const cells = data.cells.filter((cell) => Number.isFinite(cell.value) || cell.flag !== undefined);
  const values = cells.map((cell) => ({ ...cell, ...place(cell), ...shade(cell.value, isBright) }));
  const half = { scale: { domain: rowNames }, field: 'row', type: 'nominal', title: null, sort: rowNames };
  const encoding = {
    x: { field: 'column', type: 'ordinal', title: 'channel of the row', axis: { labelAngle: 0 } },
    y: half,
  };
  const scale = { type: data.scale ?? 'linear', scheme: 'viridis' };
  return {
    title,
    data: { values },
    facet: { row: { field: 'chip', type: 'ordinal', title: null, header: { labelExpr: "'chip ' + datum.value" } } },
    spec: {
      width: 720,
      height: 130,
      encoding,
      layer: [
        {
          mark: { type: 'rect', color: '#d0d0d0' },
        },
        {
          transform: [{ filter: 'isValid(datum.value)' }],
          mark: { type: 'rect' },
          encoding: { color: { field: 'value', type: 'quantitative', title: data.title, scale } },
        },
        {
          transform: [{ filter: 'isValid(datum.flag)' }],
          mark: { type: 'rect', fillOpacity: 0, stroke: '#ff2020', strokeWidth: 3 },
        },
        { mark: { type: 'text', fontSize: 10 }, encoding: number },
      ],
    },
  };
}

const number = {
  text: { field: 'name', type: 'nominal' },
  color: { condition: { test: 'datum.bright', value: 'black' }, value: 'white' },
};
function shade(value: number, isBright: (value: number) => boolean): { value: number | null; bright: boolean } {
  return Number.isFinite(value) ? { value, bright: isBright(value) } : { value: null, bright: true };
}

const rowNames = ['0 – 17', '18 – 35', '36 – 53', '54 – 71', 'other'];

function place({ type, channel }: { type: number; channel: number }): { row: string; column: number; name: string } {
  if (type === channelTypes.channel) {
    return { row: rowNames[Math.floor(channel / perRow)], column: channel % perRow, name: String(channel) };
  }
  if (type === channelTypes.calibration) return { row: 'other', column: channel, name: `cal ${channel}` };
  return { row: 'other', column: 2 + channel, name: `cm ${channel}` };
}

/** Whether a value lies in the bright part of the colour scale, where only dark text can be read. */
function brightness(values: readonly number[], scale: ChannelMapData['scale']): (value: number) => boolean {
  const along = (value: number): number =>
    scale === 'symlog' ? Math.sign(value) * Math.log1p(Math.abs(value)) : value;
  const low = along(Math.min(...values));
  const high = along(Math.max(...values));
  return (value) => high > low && (along(value) - low) / (high - low) > 0.6;
}
