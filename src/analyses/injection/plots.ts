import type { PlotSpec } from '../../domain/analysis/interface.js';
import { chipColumns, panel, type PlotAxis } from '../plots/axes.js';
import type { Curve, Quantity } from './curves.js';
import { groupOrder, type GroupPoint } from './tables.js';

/** Quantities of the response plots, in their order from top to bottom. */
export const shownQuantities: readonly { quantity: Quantity; title: string }[] = [
  { quantity: 'adc_mean', title: 'ADC mean [counts]' },
  { quantity: 'tot_median', title: 'ToT median [counts]' },
  { quantity: 'toa_mean', title: 'ToA mean [counts]' },
  { quantity: 'tot_efficiency', title: 'ToT efficiency' },
  { quantity: 'toa_efficiency', title: 'ToA efficiency' },
];

/** Response of every injected channel against the amplitude: a row of panels per quantity, a column per chip. */
export function responsePlot(
  curves: readonly Curve[],
  dac: PlotAxis,
  phase: PlotAxis,
  title: Record<string, unknown>,
): PlotSpec {
  const values = curves.flatMap((curve) =>
    curve.dac.map((amplitude, i) => {
      const point = { chip: curve.chip, channel: curve.channel, phase: curve.phase, dac: amplitude };
      return { ...point, ...Object.fromEntries(shownQuantities.map(({ quantity: q }) => [q, curve.values[q][i]])) };
    }),
  );
  const phases = new Set(curves.map((curve) => curve.phase)).size;
  return {
    title,
    data: { values },
    vconcat: shownQuantities.map(({ quantity, title: text }) => ({
      facet: { column: chipColumns },
      spec: {
        ...panel,
        mark: { type: 'line', point: { size: 16 }, strokeWidth: 1.4 },
        encoding: {
          x: { field: 'dac', type: 'quantitative', title: dac.title },
          y: { field: quantity, type: 'quantitative', title: text },
          color: { field: 'channel', type: 'nominal', title: 'channel' },
          ...(phases > 1 ? { strokeDash: { field: 'phase', type: 'ordinal', title: phase.title } } : {}),
        },
      },
    })),
  };
}

/** Response of every channel type of a chip: the mean over its channels, and the band between the extremes. */
export function groupPlot(points: readonly GroupPoint[], dac: PlotAxis, title: Record<string, unknown>): PlotSpec {
  const color = { field: 'group', type: 'nominal', title: null, sort: groupOrder };
  const x = { field: 'dac', type: 'quantitative', title: dac.title };
  return {
    title,
    data: { values: points },
    vconcat: shownQuantities.map(({ quantity, title: text }) => ({
      transform: [{ filter: { field: 'quantity', equal: quantity } }],
      facet: { column: chipColumns },
      spec: {
        ...panel,
        encoding: { x, color },
        layer: [
          {
            mark: { type: 'area', opacity: 0.18 },
            encoding: { y: { field: 'low', type: 'quantitative', title: text }, y2: { field: 'high' } },
          },
          { mark: 'line', encoding: { y: { field: 'mean', type: 'quantitative' } } },
        ],
      },
    })),
  };
}

/** Mean over the injected channels of each chip as a map over phase and amplitude. */
export function phaseMap(
  points: readonly GroupPoint[],
  dac: PlotAxis,
  phase: PlotAxis,
  title: Record<string, unknown>,
): PlotSpec {
  return {
    title,
    data: { values: points.filter((point) => point.group.startsWith('injected')) },
    vconcat: shownQuantities.slice(0, 3).map(({ quantity, title: text }) => ({
      transform: [{ filter: { field: 'quantity', equal: quantity } }],
      facet: { column: chipColumns },
      spec: {
        width: panel.width,
        height: 190,
        mark: 'rect',
        encoding: {
          x: { field: 'dac', type: 'ordinal', title: dac.title, axis: { labelAngle: -45 } },
          y: { field: 'phase', type: 'ordinal', title: phase.title, sort: 'descending' },
          color: { field: 'mean', type: 'quantitative', title: text },
        },
      },
    })),
    resolve: { scale: { color: 'independent' } },
  };
}
