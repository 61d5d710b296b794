import type { PlotSpec } from '../analysis/interface.js';
import type { ManifestLine } from '../scan/manifest.js';
import { secondsOf } from './run-statistics.js';

/** Points of the plot, at most: of longer scans every so-manieth run is shown, and all that are corrupt. */
const maxPoints = 2000;

/** Duration and events of every run; runs with corrupt halves in red. */
export function runsPlot(lines: readonly ManifestLine[]): PlotSpec {
  const every = Math.ceil(lines.length / maxPoints);
  const values = lines
    .filter((line, i) => i % every === 0 || line.corruptHalves > 0)
    .map((line) => ({
      run: line.run,
      seconds: secondsOf(line),
      events: line.events,
      state: line.corruptHalves > 0 ? 'corrupt halves' : 'clean',
    }));
  const color = {
    field: 'state',
    type: 'nominal',
    title: null,
    scale: { domain: ['clean', 'corrupt halves'], range: ['#0072B2', '#D55E00'] },
  };
  const panel = (field: string, title: string): Record<string, unknown> => ({
    width: 480,
    height: 130,
    mark: { type: 'point', size: 24, filled: true },
    encoding: {
      x: { field: 'run', type: 'quantitative', title: 'run', scale: { nice: false } },
      y: { field, type: 'quantitative', title },
      color,
    },
  });
  return { data: { values }, hconcat: [panel('seconds', 'time [s]'), panel('events', 'events')] };
}
