import type { PreviewEntry } from '../domain/scan/preview.js';
import type { ScanPlan } from '../domain/scan/plan.js';
import { bytesText, countText, durationText, tableText } from './format.js';

/** The plan for people: order with reasons, then every DAQ procedure with its axes, estimates and what is reused. */
export function planText(entries: readonly PreviewEntry[]): string {
  const order = entries.map((entry, index) => [
    `${index + 1}`,
    entry.planned.name,
    entry.planned.type,
    entry.plan === undefined ? '' : countText(entry.plan.runs, 'run'),
    why(entry),
  ]);
  const parts = [tableText(['', 'procedure', 'type', '', 'why'], order, [0, 3]), ...entries.flatMap(details)];
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

function details({ planned, plan, estimate, reused, reasons }: PreviewEntry): string[] {
  if (plan === undefined || estimate === undefined) return [];
  const events = estimate.events === undefined ? '' : ` of ${countText(estimate.events, 'event')}`;
  const from = { measured: 'as measured', configured: 'as configured', assumed: 'assumed' }[estimate.secondsFrom];
  const repeat = plan.repeat === 1 ? '' : ` (${countText(plan.runs / plan.repeat, 'point')}, ${plan.repeat} times)`;
  const volume = `${durationText(estimate.seconds)} (${from}), ${bytesText(estimate.bytes)}`;
  const lines = [`${planned.name}: ${countText(plan.runs, 'run')}${repeat}${events}, ${volume}`];
  if (plan.axes.length > 0) lines.push(indent(axes(plan)));
  if (reused > 0 || reasons.length > 0) lines.push(`  reused: ${reused} of ${plan.runs}`);
  lines.push(...reasons.map((reason) => `    ${reason}`));
  return [lines.join('\n')];
}

function axes(plan: ScanPlan): string {
  const last = plan.runs / plan.repeat - 1;
  const [first, end] = [plan.axisValues(0), plan.axisValues(last)];
  const rows = plan.axes.map(({ name, length, unit, label }) => {
    const [from, to] = [first.get(name), end.get(name)];
    const values = from === undefined ? '' : length === 1 ? String(from) : `${String(from)} … ${String(to)}`;
    return [name, String(length), values, unit ?? '', label ?? ''];
  });
  return tableText(['axis', 'points', 'values', 'unit', 'label'], rows, [1]);
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
