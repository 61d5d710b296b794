import type { CsvColumn } from '../../domain/analysis/interface.js';
import { columnsOver } from '../data/csv-columns.js';
import { conditionColumns, placeText } from '../data/shown.js';
import type { CommonMode } from './common-mode.js';

/** One row per half and condition; only a heading where there are no single events. */
export function commonModeTable(results: readonly CommonMode[]): CsvColumn[] {
  const column = columnsOver(results);
  return [
    column('chip', ({ chip }) => chip),
    column('half', ({ half }) => half),
    ...conditionColumns(results),
    column('events', ({ events }) => events),
    column('channels', ({ channels }) => channels),
    column('noise', ({ noise }) => noise, 'ADC counts'),
    column('noise_error', ({ noiseError }) => noiseError, 'ADC counts'),
    column('share_of_variance', ({ share }) => share),
    column('slope_smallest', ({ slopes }) => slopes[0]),
    column('slope_median', ({ slopes }) => slopes[1]),
    column('slope_largest', ({ slopes }) => slopes[2]),
    column('autocorrelation_1', ({ autocorrelations }) => autocorrelations[0]),
    column('autocorrelation_5', ({ autocorrelations }) => autocorrelations[1]),
    column('correlation_other_half', ({ otherHalf }) => otherHalf),
    column('correlation_other_chips', ({ otherChips }) => otherChips),
    column('correlation_error', ({ correlationError }) => correlationError),
  ];
}

/** A sentence for a half whose common mode goes on from event to event: pick-up that oscillates. */
export function oscillation({ autocorrelations, correlationError, ...place }: CommonMode): string[] {
  const largest = autocorrelations.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  if (!(Math.abs(largest) > Math.max(0.2, 5 * correlationError))) return [];
  const where = placeText({ ...place, channel: undefined }, `half ${place.half}`);
  return [`${where}: the common mode oscillates, its correlation from event to event is ${largest.toFixed(2)}`];
}
