import type { Axis, AxisSpec } from '../../domain/config/procedure.js';
import type { PreviewEntry } from '../../domain/plan/preview.js';
import { bytesText, countText, durationText } from '../../domain/quantities.js';
import { textTable } from './text-table.js';

/** The plan for people: order with reasons, then every DAQ procedure with its axes, estimates and what is reused. */
export function planText(entries: readonly PreviewEntry[]): string {
  const order = entries.map((entry, index) => [
    `${index + 1}`,
    entry.planned.name,
    entry.planned.type,
    entry.plan === undefined ? '' : countText(entry.plan.runs, 'run'),
    why(entry),
  ]);
  const columns = [{ right: '' }, 'procedure', 'type', { right: '' }, 'why'];
  const parts = [textTable(columns, order).join('\n'), ...entries.flatMap(details)];
  const seconds = entries.reduce((sum, { estimate }) => sum + (estimate?.seconds ?? 0), 0);
  const bytes = entries.reduce((sum, { estimate }) => sum + (estimate?.bytes ?? 0), 0);
  parts.push(`Together: ${durationText(seconds)} of acquisition, ${bytesText(bytes)} of raw data.`);
  return `${parts.join('\n\n')}\n`;
}

function why({ planned }: PreviewEntry): string {
  const after = planned.dependsOn.length === 0 ? '' : `, after ${planned.dependsOn.join(', ')}`;
  const laid = planned.calibrations.length === 0 ? '' : `, calibrated by ${planned.calibrations.join(', ')}`;
  return `${planned.reason}${after}${laid}`;
}

function details({ planned, plan, axes, estimate, reused, reasons }: PreviewEntry): string[] {
  if (plan === undefined || estimate === undefined) return analysisDetails(planned.name, reused, reasons);
  const events = estimate.events === undefined ? '' : ` of ${countText(estimate.events, 'event')}`;
  const from = { measured: 'as measured', configured: 'as configured', assumed: 'assumed' }[estimate.secondsFrom];
  const repeat = plan.repeat === 1 ? '' : ` (${countText(plan.runs / plan.repeat, 'point')}, ${plan.repeat} times)`;
  const volume = `${durationText(estimate.seconds)} (${from}), ${bytesText(estimate.bytes)}`;
  const rest = reused > 0 ? `still to come: ${volume}` : volume;
  const lines = [`${planned.name}: ${countText(plan.runs, 'run')}${repeat}${events}, ${rest}`];
  if (axes !== undefined && axes.length > 0) lines.push(...axisLines(axes));
  if (reused > 0 || reasons.length > 0) lines.push(`  reused: ${reused} of ${plan.runs}`);
  lines.push(...reasons.map((reason) => `    ${reason}`));
  return [lines.join('\n')];
}

function analysisDetails(name: string, reused: number, reasons: readonly string[]): string[] {
  if (reused > 0) return [[`${name}: its results are there and still hold`, ...reasons].join('\n    ')];
  return reasons.length === 0 ? [] : [`${name}: ${reasons.join('; ')}`];
}

/** A row for every axis; parameters that move together have one each, the first with the number of points. */
function axisLines(axes: readonly Axis[]): string[] {
  const rows = axes.flatMap((axis) => {
    const { spec } = axis;
    const members = spec.kind === 'zip' ? spec.members : [spec];
    return members.map((member, index) => axisRow(axis, member, index === 0 ? String(axis.length) : ''));
  });
  return textTable(['axis', { right: 'points' }, 'values', 'unit', 'label'], rows, { indent: '  ' });
}

function axisRow(axis: Axis, spec: AxisSpec, points: string): string[] {
  const [from, to] = [axis.columns(0).get(spec.name), axis.columns(axis.length - 1).get(spec.name)];
  const values = from === undefined ? '' : axis.length === 1 ? String(from) : `${String(from)} … ${String(to)}`;
  return [spec.name, points, values, spec.unit ?? '', spec.label ?? ''];
}
