import type { PlotSpec } from '../../domain/analysis/interface.js';
import { channelColour, chipColumns, panel, type PlotAxis } from '../plots/axes.js';
import { around } from '../data/hit-time.js';
import { toaUnit, type TimedChannel } from './curves.js';
import type { TimeWalk } from './walk.js';

/** Delay of every channel against the amplitude, in ns. */
export function walkPlot(walks: readonly TimeWalk[], dac: PlotAxis, title: Record<string, unknown>): PlotSpec {
  const values = walks.flatMap(({ chip, channel, dac: amplitudes, delay }) =>
    amplitudes.map((at, i) => ({ chip, channel, at, delay: delay[i] * toaUnit })),
  );
  return {
    title,
    data: { values },
    facet: { column: chipColumns },
    spec: {
      ...panel,
      mark: { type: 'line', point: { size: 18 }, strokeWidth: 1.3 },
      encoding: {
        x: { field: 'at', type: 'quantitative', title: dac.title },
        y: { field: 'delay', type: 'quantitative', title: 'timewalk [ns]' },
        ...channelColour(walks),
      },
    },
  };
}

/** Time of arrival against the phase at the largest amplitude (above), and what is left beside its line (below). */
export function phasePlot(walks: readonly TimeWalk[], phase: PlotAxis, title: Record<string, unknown>): PlotSpec {
  const values = walks.flatMap(({ chip, channel, phases, arrival, line }) =>
    phases.map((at, i) => {
      const expected = line === undefined ? NaN : line.offset + line.slope * at;
      return { chip, channel, at, arrival: arrival[i] * toaUnit, beside: (arrival[i] - expected) * toaUnit * 1000 };
    }),
  );
  const row = (field: string, text: string): Record<string, unknown> => ({
    facet: { column: chipColumns },
    spec: {
      ...panel,
      transform: [{ filter: `isFinite(datum['${field}'])` }],
      mark: { type: 'line', point: { size: 18 }, strokeWidth: 1.3 },
      encoding: {
        x: { field: 'at', type: 'quantitative', title: phase.title },
        y: { field, type: 'quantitative', title: text },
        ...channelColour(walks),
      },
    },
  });
  return {
    title,
    data: { values },
    vconcat: [row('arrival', 'arrival − first [ns]'), row('beside', 'beside the line [ps]')],
  };
}

/** Time of arrival over phase and amplitude, one channel per chip: the first that measured any. */
export function arrivalMap(
  channels: readonly TimedChannel[],
  dac: PlotAxis,
  phase: PlotAxis,
  title: Record<string, unknown>,
): PlotSpec {
  const first = channels.filter(({ chip }, i) => channels.findIndex((other) => other.chip === chip) === i);
  const values = first.flatMap(({ chip, channel, points }) => {
    const zero = points[0];
    return points.map((point) => {
      const time = around(point.toa - zero.toa) * toaUnit;
      return { panel: `chip ${chip}, channel ${channel}`, dac: point.dac, phase: point.phase, time };
    });
  });
  return {
    title,
    data: { values },
    facet: { column: { field: 'panel', type: 'nominal', title: null } },
    spec: {
      width: panel.width,
      height: 200,
      mark: 'rect',
      encoding: {
        x: { field: 'dac', type: 'ordinal', title: dac.title, axis: { labelAngle: -45 } },
        y: { field: 'phase', type: 'ordinal', title: phase.title, sort: 'descending' },
        color: {
          field: 'time',
          type: 'quantitative',
          title: 'arrival [ns], ± half a crossing',
          scale: { scheme: 'rainbow', domain: [-12.5, 12.5] }, // goes round, as the time does
        },
      },
    },
  };
}
