import type { PlotSpec } from '../../domain/analysis/interface.js';
import { channelTypes } from '../data/channels.js';
import { chipColumns, type PlotAxis } from '../plots/axes.js';
import { conditionText } from '../data/scanned.js';
import type { Transition } from './scan.js';

/** Conditions that are drawn, at most: more would not fit on a page. */
export const maxConditions = 6;

/** Efficiency over the scanned axis as a map, a line per channel: a column of panels per chip, a row per condition. */
export function efficiencyMap(
  transitions: readonly Transition[],
  axis: PlotAxis,
  title: Record<string, unknown>,
): PlotSpec {
  const normal = transitions.filter(({ type }) => type === channelTypes.channel);
  const shown = [...new Set(normal.map(textOf))].slice(0, maxConditions);
  const values = normal
    .filter((transition) => shown.includes(textOf(transition)))
    .flatMap((transition) =>
      transition.x.map((at, i) => ({
        chip: transition.chip,
        channel: transition.channel,
        condition: textOf(transition),
        at,
        efficiency: transition.efficiency[i],
      })),
    );
  return {
    title,
    data: { values },
    facet: {
      column: chipColumns,
      ...(shown.length > 1 ? { row: { field: 'condition', type: 'nominal', title: null, sort: shown } } : {}),
    },
    spec: {
      width: 300,
      height: 260,
      mark: 'rect',
      encoding: {
        x: { field: 'at', type: 'ordinal', title: axis.title, axis: { labelAngle: -45 } },
        y: {
          field: 'channel',
          type: 'ordinal',
          title: 'channel',
          axis: { values: [0, 9, 18, 27, 36, 45, 54, 63, 71] },
        },
        color: { field: 'efficiency', type: 'quantitative', title: 'ToA efficiency', scale: { domain: [0, 1] } },
      },
    },
  };
}

function textOf({ condition }: Transition): string {
  return conditionText(condition);
}
