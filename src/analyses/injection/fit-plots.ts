import type { PlotSpec } from '../../domain/analysis/interface.js';
import type { Line } from '../math/line.js';
import { distinct } from '../data/channels.js';
import { chipColumns, panel, type PlotAxis } from '../plots/axes.js';
import type { Response } from './fits.js';

const lines: readonly { name: LineName; of: (response: Response) => Line | undefined }[] = [
  { name: 'ADC', of: (response) => response.adc },
  { name: 'ToT', of: (response) => response.tot },
];

type LineName = 'ADC' | 'ToT';

/** The lines that could be fitted in at least one channel, and a note for the title on those that could not. */
export function fittedLines(responses: readonly Response[]): { names: LineName[]; notes: string[] } {
  const names = lines
    .filter(({ of }) => responses.some((response) => of(response) !== undefined))
    .map(({ name }) => name);
  const missing = lines.map(({ name }) => name).filter((name) => !names.includes(name));
  return { names, notes: missing.map((name) => `${name}: no line, fewer than 3 amplitudes in its linear range`) };
}

/** Slopes of the fitted lines by channel, with their errors. */
export function gainPlot(responses: readonly Response[], phase: PlotAxis, title: Record<string, unknown>): PlotSpec {
  const phases = distinct(responses.map(({ curve }) => curve.phase));
  const values = responses.flatMap((response) => {
    const { chip, channel, phase: at } = response.curve;
    const beside = (phases.indexOf(at) - (phases.length - 1) / 2) / phases.length; // phases stand side by side
    return lines.flatMap(({ name, of }) => {
      const line = of(response);
      if (line === undefined) return [];
      const { slope, slopeError } = line;
      const bar = { slope, low: slope - slopeError, high: slope + slopeError };
      return [{ chip, channel: channel + beside, phase: at, name, ...bar }];
    });
  });
  return {
    title,
    data: { values },
    vconcat: fittedLines(responses).names.map((name) => {
      const y = { type: 'quantitative', title: `${name} gain [counts / DAC step]`, scale: { zero: false } };
      const x = { field: 'channel', type: 'quantitative', title: 'channel', scale: { domain: [-1, 72] } };
      return {
        transform: [{ filter: { field: 'name', equal: name } }],
        facet: { column: chipColumns },
        spec: {
          ...panel,
          encoding: { x, color: { field: 'phase', type: 'nominal', title: phase.title } },
          layer: [
            { mark: 'rule', encoding: { y: { field: 'low', ...y }, y2: { field: 'high' } } },
            { mark: 'point', encoding: { y: { field: 'slope', ...y } } },
          ],
        },
      };
    }),
  };
}

/** What remains after the fitted line is taken away, in % of the fitted range; points left out are not shown. */
export function linearityPlot(
  responses: readonly Response[],
  dac: PlotAxis,
  phase: PlotAxis,
  title: Record<string, unknown>,
): PlotSpec {
  const values = responses.flatMap((response) => [
    ...residuals(response, 'ADC', response.adc, response.curve.values.adc_mean, response.adcRegion),
    ...residuals(response, 'ToT', response.tot, response.curve.values.tot_median, response.totRegion),
  ]);
  return {
    title,
    data: { values },
    vconcat: fittedLines(responses).names.map((name) => ({
      transform: [{ filter: { field: 'name', equal: name } }],
      facet: { column: chipColumns },
      spec: {
        ...panel,
        mark: { type: 'line', point: { size: 16 }, strokeWidth: 1.2 },
        encoding: {
          x: { field: 'dac', type: 'quantitative', title: dac.title },
          y: { field: 'residual', type: 'quantitative', title: `${name} − line [% of range]` },
          color: { field: 'channel', type: 'nominal', title: 'channel' },
          strokeDash: { field: 'phase', type: 'ordinal', title: phase.title },
        },
      },
    })),
  };
}

function residuals(
  { curve }: Response,
  name: string,
  line: Line | undefined,
  y: readonly number[],
  region: readonly number[],
): Record<string, unknown>[] {
  if (line === undefined) return [];
  const used = line.used.map((i) => region[i]);
  const range = Math.max(...used.map((i) => y[i])) - Math.min(...used.map((i) => y[i]));
  return used.map((i) => ({
    chip: curve.chip,
    channel: curve.channel,
    phase: curve.phase,
    name,
    dac: curve.dac[i],
    residual: (100 * (y[i] - line.offset - line.slope * curve.dac[i])) / range,
  }));
}
