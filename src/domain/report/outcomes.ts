import { countText, timeText } from '../quantities.js';
import type { Answer, ProcedureEnd, ScanEnd } from '../scan/scan-end.js';
import type { AnalysisReport, MeasurementReport, Outcome, ReportState } from './model.js';

/** What became of a scan and of its procedures, from what its folder holds. */

interface Parts {
  readonly measurements: readonly MeasurementReport[];
  readonly analyses: readonly AnalysisReport[];
}

interface Ownership {
  readonly closed?: string | undefined;
}

/** @param end of the scan that owns the folder; absent while it runs, and of one of 2.0.0 */
export function stateOf(owner: Ownership | undefined, end: ScanEnd | undefined): ReportState {
  if (end !== undefined) return end.state;
  return owner !== undefined && owner.closed === undefined ? 'open' : 'unknown';
}

/** What must not be overlooked. */
export function remarksOf({ measurements }: Parts, end: ScanEnd | undefined): string[] {
  const incomplete = measurements.flatMap(({ tables }) =>
    tables.flatMap(({ name, partial }) => (partial ? [name] : [])),
  );
  const failures = (end?.procedures ?? []).flatMap(({ name, state, failure }) =>
    state === 'failed' && failure !== undefined ? [`${name}: ${failure.split('\n', 1)[0]}`] : [],
  );
  return [
    ...failures,
    ...(incomplete.length > 0 ? [`not everything was measured: what there is stands in ${incomplete.join(', ')}`] : []),
  ];
}

/** A line for each procedure: of the scan's own end where it is known, else of what lies in the folder. */
export function outcomesOf(parts: Parts, end: ScanEnd | undefined): Outcome[] {
  const ended = new Map((end?.procedures ?? []).map((each) => [each.name, each]));
  const names = new Set([...ended.keys(), ...[...parts.measurements, ...parts.analyses].map(({ name }) => name)]);
  return [...names].map((name) => outcomeOf(name, parts, ended.get(name), end !== undefined));
}

function outcomeOf(name: string, parts: Parts, end: ProcedureEnd | undefined, isEndKnown: boolean): Outcome {
  const analysis = parts.analyses.find((each) => each.name === name);
  const measurement = parts.measurements.find((each) => each.name === name);
  const earlier = isEndKnown && end === undefined ? 'of an earlier scan' : '';
  const known = { name, state: end?.state ?? analysis?.state ?? earlier, answer: answerText(end?.answer) };
  if (analysis !== undefined || end?.type === 'analysis') {
    const text = end?.failure?.split('\n', 1)[0] ?? analysis?.quality?.reason ?? '';
    const link = analysis === undefined ? undefined : `${name}/`;
    return { ...known, type: 'analysis', text, quality: analysis?.quality, link, detailed: analysis !== undefined };
  }
  const text = [runsText(measurement, end), end?.failure?.split('\n', 1)[0] ?? ''].filter((each) => each !== '');
  return {
    ...known,
    type: 'daq',
    text: text.join('; '),
    quality: undefined,
    link: measurement?.tables[0]?.name,
    detailed: measurement !== undefined,
  };
}

function runsText(measurement: MeasurementReport | undefined, end: ProcedureEnd | undefined): string {
  const quarantined = end?.quarantined ?? measurement?.quarantined.length ?? 0;
  const runs =
    end === undefined
      ? countText(measurement?.statistics.measured ?? 0, 'run')
      : `${end.acquired} of ${countText(end.runs, 'run')}`;
  return quarantined === 0 ? runs : `${runs}, ${quarantined} quarantined`;
}

function answerText(answer: Answer | undefined): string | undefined {
  if (answer === undefined) return undefined;
  const who = answer.by === null ? 'nobody answered in time' : `answered by ${answer.by}`;
  return `${answer.verdict}: ${who}, ${timeText(answer.at)}`;
}
