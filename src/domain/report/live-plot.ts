import type { PlotSpec } from '../analysis/interface.js';

/** What one run gave, chip by chip. */
export interface LivePoint {
  readonly run: number;
  readonly chip: number;
  /** Value of the axis that the scan moves fastest; the run's number where it moves none. */
  readonly at: number;
  /** Mean over the chip's channels, and their extremes. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** ADC of every chip over the fastest axis: one line per sweep, the band between the extremes of the channels. */
export function livePlot(points: readonly LivePoint[], axis: string, sweep: number): PlotSpec {
  const values = points.map((point) => ({ ...point, sweep: Math.floor(point.run / sweep) }));
  const latest = Math.max(...values.map((value) => value.sweep));
  const x = { field: 'at', type: 'quantitative', title: axis, scale: { zero: false } };
  return {
    data: { values: values.map((value) => ({ ...value, age: value.sweep === latest ? 'latest sweep' : 'before' })) },
    facet: { column: { field: 'chip', type: 'ordinal', title: null, header: { labelExpr: "'chip ' + datum.value" } } },
    spec: {
      width: 300,
      height: 180,
      encoding: { x, detail: { field: 'sweep', type: 'nominal' } },
      layer: [
        {
          transform: [{ filter: "datum.age === 'latest sweep'" }],
          mark: { type: 'area', opacity: 0.2 },
          encoding: {
            y: { field: 'low', type: 'quantitative', title: 'ADC, mean and extremes' },
            y2: { field: 'high' },
          },
        },
        {
          mark: { type: 'line', point: { size: 18 }, strokeWidth: 1.4 },
          encoding: {
            y: { field: 'mean', type: 'quantitative', scale: { zero: false } },
            color: {
              field: 'age',
              type: 'nominal',
              title: null,
              scale: { domain: ['latest sweep', 'before'], range: ['#0072B2', '#b0b0b0'] },
            },
          },
        },
      ],
    },
  };
}
