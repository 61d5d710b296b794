import type { PlotSpec } from '../../domain/analysis/interface.js';
import { chipColumns, panel } from './axes.js';

export interface ChannelValue {
  readonly chip: number;
  readonly channel: number;
  readonly value: number;
  readonly error?: number;
  /** Tells points of one plot apart by colour. */
  readonly group?: string;
}

/** Values of the normal channels against the channel's number: a panel per chip, points with error bars. */
export function byChannelPlot(
  points: readonly ChannelValue[],
  valueTitle: string,
  title: Record<string, unknown>,
): PlotSpec {
  const values = points
    .filter(({ value }) => Number.isFinite(value))
    .map((point) => ({ ...point, low: point.value - (point.error ?? 0), high: point.value + (point.error ?? 0) }));
  const color = colourByGroup(values);
  const y = { type: 'quantitative', title: valueTitle, scale: { zero: false } };
  const x = { field: 'channel', type: 'quantitative', title: 'channel', scale: { domain: [-1, 72], nice: false } };
  return {
    title,
    data: { values },
    facet: { column: chipColumns },
    spec: {
      ...panel,
      encoding: { x, ...color },
      layer: [
        { mark: 'rule', encoding: { y: { field: 'low', ...y }, y2: { field: 'high' } } },
        { mark: { type: 'point', size: 22 }, encoding: { y: { field: 'value', ...y } } },
      ],
    },
  };
}

/** Groups in the order in which they come. */
function colourByGroup(values: readonly ChannelValue[]): Record<string, unknown> {
  const groups = [...new Set(values.flatMap(({ group }) => (group === undefined ? [] : [group])))];
  return groups.length === 0 ? {} : { color: { field: 'group', type: 'nominal', title: null, sort: groups } };
}

/** How the values are distributed: a panel per chip, its bars stacked by group. */
export function distributionPlot(
  points: readonly ChannelValue[],
  valueTitle: string,
  title: Record<string, unknown>,
): PlotSpec {
  const values = points.filter(({ value }) => Number.isFinite(value));
  const color = colourByGroup(values);
  return {
    title,
    data: { values },
    facet: { column: chipColumns },
    spec: {
      ...panel,
      mark: { type: 'bar', opacity: 0.7 },
      encoding: {
        x: { field: 'value', bin: { maxbins: 60 }, type: 'quantitative', title: valueTitle },
        y: { aggregate: 'count', type: 'quantitative', title: 'channels', stack: null },
        ...color,
      },
    },
  };
}
