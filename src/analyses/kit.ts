/**
 * What users' analyses can import as `datenraffinerie/analysis`: the types of the interface, and the helpers that the
 * analyses that ship are made of.
 */
export type * from '../domain/analysis/interface.js';
export type { ConfigMap, ConfigValue } from '../domain/config/value.js';
export type { RowRange, TableMetadata, TableReader } from '../domain/table/reader.js';
export type { Column, ColumnData, Columns, TableSchema } from '../domain/table/schema.js';
export { channelTypes, distinct, groupByChannel, type ChannelRows } from './data/channels.js';
export { asNumbers, readNumbers, requireColumns, type Numbers } from './data/columns.js';
export { hitTime, meanTime, type HitTime } from './data/hit-time.js';
export { eventsOfRows } from './data/run-events.js';
export { conditionsIn, readScanned, scannedColumns, splitByCondition, type Condition } from './data/scanned.js';
export { soundRows, type SoundRows } from './data/sound-rows.js';
export { fitCurve, type CurveFit, type Model, type Points } from './math/curve-fit.js';
export { fitLine, type Line } from './math/line.js';
export { fitPlane, type Plane } from './math/plane.js';
export { erf, fitSCurve, type SCurve } from './math/s-curve.js';
export {
  deviation,
  maximum,
  mean,
  median,
  minimum,
  quantile,
  robustDeviation,
  wilsonInterval,
} from './math/statistics.js';
export { readParameters, type ParameterDeclarations } from '../domain/analysis/parameters.js';
export { numberParameter, textParameter } from './parameters.js';
export { chipColumns, columnAxis, panel, plotTitle, type PlotAxis } from './plots/axes.js';
export { byChannelPlot, distributionPlot, type ChannelValue } from './plots/by-channel.js';
export { channelMap, type ChannelMapData } from './plots/channel-map.js';
