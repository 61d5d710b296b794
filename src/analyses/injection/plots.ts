import type { PlotSpec } from '../../domain/analysis/interface.js';
import { channelColour, chipColumns, panel, type PlotAxis } from '../plots/axes.js';
import { wilsonInterval, type Interval } from '../math/statistics.js';
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

/** One column of panels per chip, and of times a row per half. */
function groupPanels(quantity: Quantity): Record<string, unknown> {
  const row = { field: 'half', type: 'ordinal', title: null, header: { labelExpr: "'half ' + datum.value" } };
  return quantity === 'toa_mean' ? { column: chipColumns, row } : { column: chipColumns };
}

/** Response of every injected channel against the amplitude: a row of panels per quantity, a column per chip; crosses: suspicious. */
export function responsePlot(
  curves: readonly Curve[],
  isSuspicious: (curve: Curve, dac: number) => boolean,
  dac: PlotAxis,
  phase: PlotAxis,
  title: Record<string, unknown>,
): PlotSpec {
  const values = curves.flatMap((curve) =>
    curve.dac.map((amplitude, i) => {
      const point = { chip: curve.chip, channel: curve.channel, phase: curve.phase, dac: amplitude };
      const shown = Object.fromEntries(shownQuantities.map(({ quantity: q }) => [q, curve.values[q][i]]));
      return { ...point, ...shown, ...errorsAt(curve, i), suspicious: isSuspicious(curve, amplitude) };
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
        encoding: {
          x: { field: 'dac', type: 'quantitative', title: dac.title },
          ...channelColour(curves),
          ...(phases > 1 ? { strokeDash: { field: 'phase', type: 'ordinal', title: phase.title } } : {}),
        },
        layer: [
          {
            mark: { type: 'line', point: { size: 16 }, strokeWidth: 1.4 },
            encoding: { y: { field: quantity, type: 'quantitative', title: text } },
          },
          {
            transform: [{ filter: 'datum.suspicious' }],
            mark: { type: 'point', shape: 'cross', angle: 45, size: 90, filled: true, color: '#d00000' },
            encoding: { y: { field: quantity, type: 'quantitative' }, color: { value: '#d00000' } },
          },
          {
            mark: 'rule',
            encoding: { y: { field: `${quantity}_low`, type: 'quantitative' }, y2: { field: `${quantity}_high` } },
          },
        ],
      },
    })),
  };
}

/** Ends of the error bars: of a mean σ/√N, of an efficiency Wilson's interval; none where the events are not known. */
function errorsAt({ values, events }: Curve, i: number): Record<string, number> {
  const error = values.adc_stdd[i] / Math.sqrt(events[i]);
  const of = (quantity: Quantity, { low, high }: Interval) => {
    return { [`${quantity}_low`]: low, [`${quantity}_high`]: high };
  };
  return {
    ...of('adc_mean', { low: values.adc_mean[i] - error, high: values.adc_mean[i] + error }),
    ...of('tot_efficiency', wilsonInterval(values.tot_efficiency[i], events[i])),
    ...of('toa_efficiency', wilsonInterval(values.toa_efficiency[i], events[i])),
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
      facet: groupPanels(quantity),
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
      facet: groupPanels(quantity),
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
