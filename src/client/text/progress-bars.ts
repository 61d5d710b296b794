import pc from 'picocolors';
import { countText, durationText } from '../../domain/quantities.js';
import { waitingRemedy, waitingText } from '../../domain/scan/notes.js';
import type { ProcedureProgress, ProcedureState, ScanProgress } from '../../workflows/messages.js';
import { clockText, formatCounts } from './progress-text.js';

/** Where bars are drawn. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly colours: boolean;
}

/** For a reader of unknown kind: as much as there is to say, in black and white. */
export const plainCanvas: Canvas = { columns: 120, rows: Infinity, colours: false };

/** Of a procedure, below its bars; `status --json` has more. */
const reasonsShown = 3;
const longestName = 30;
const [shortestBar, longestBar] = [8, 24];
/** What stands beside name and bar: `acquire`, the numbers, the state. */
const besideBar = 44;
/** Below the picture: the line where the cursor stands. */
const rowsLeftFree = 1;

type Paint = (text: string) => string;

interface Style {
  readonly columns: number;
  readonly nameWidth: number;
  readonly barWidth: number;
  readonly paint: ReturnType<typeof pc.createColors>;
}

/**
 * What a scan does: a head, what it waits for, two bars a DAQ procedure (acquired, processed), a line an analysis. What
 * does not fit collapses to what is active.
 */
export function formatBars(progress: ScanProgress, canvas: Canvas = plainCanvas): string {
  const style = styleOf(progress, canvas);
  const head = headLines(progress, style);
  const room = canvas.rows - rowsLeftFree - head.length;
  return [...head, ...procedureLines(progress.procedures, style, room)].join('\n');
}

function styleOf({ procedures }: ScanProgress, { columns, colours }: Canvas): Style {
  const nameWidth = Math.min(longestName, Math.max(8, ...procedures.map(({ name }) => name.length)));
  const barWidth = Math.max(shortestBar, Math.min(longestBar, columns - nameWidth - besideBar));
  return { columns, nameWidth, barWidth, paint: pc.createColors(colours) };
}

function headLines(progress: ScanProgress, style: Style): string[] {
  const { paint } = style;
  const left = progress.secondsLeft === undefined ? '' : `, ${durationText(progress.secondsLeft)} left`;
  const waiting = waitingText(progress, clockText);
  const remedy = waitingRemedy(progress);
  const colour = progress.waiting?.kind === 'link' || progress.waiting?.kind === 'retry' ? paint.red : paint.yellow;
  const phase = colourOf(progress.phase, paint)(paint.bold(progress.phase));
  const notes = progress.notes.map(({ text }) => paint.yellow(cut(firstLine(text), style)));
  return [
    `${phase}${cut(` on stand ${progress.stand}${left}`, style, progress.phase.length)}`,
    ...(waiting === '' ? [] : inLines(firstLine(waiting), style.columns, 2).map(colour)),
    ...(remedy === '' ? [] : inLines(`  ${remedy}`, style.columns, 2)),
    ...notes.slice(0, reasonsShown),
  ];
}

/** As many lines as there is room for: all, or what is active and how many others there are. */
function procedureLines(procedures: readonly ProcedureProgress[], style: Style, room: number): string[] {
  const all = procedures.flatMap((each) => linesOf(each, style));
  if (all.length <= room) return all;
  const active = procedures.filter(({ state }) => state !== 'waiting' && state !== 'done' && state !== 'aborted');
  const lines = active.flatMap((each) => linesOf(each, style));
  const shown = lines.length < room ? lines : active.flatMap((each) => linesOf(each, style).slice(0, 1));
  const fitting = shown.slice(0, Math.max(0, room - 1));
  return [...fitting, style.paint.dim(cut(`  ${restText(procedures, active)}`, style))];
}

function restText(procedures: readonly ProcedureProgress[], active: readonly ProcedureProgress[]): string {
  const others = procedures.filter((each) => !active.includes(each));
  const count = (state: ProcedureState): number => others.filter((each) => each.state === state).length;
  const texts = (['done', 'aborted', 'waiting'] as const).flatMap((state) =>
    count(state) > 0 ? [`${countText(count(state))} ${state}`] : [],
  );
  return `of ${countText(procedures.length)} procedures: ${[`${countText(active.length)} active`, ...texts].join(', ')}`;
}

function linesOf(p: ProcedureProgress, style: Style): string[] {
  return p.type === 'daq' ? daqLines(p, style) : [analysisLine(p, style)];
}

function daqLines(p: ProcedureProgress, style: Style): string[] {
  const left = p.secondsLeft === undefined ? '' : `${durationText(p.secondsLeft)} left`;
  const notes = [left, formatCounts(p)].filter((text) => text !== '').map((text) => `, ${text}`);
  const none = ' '.repeat(style.nameWidth);
  const acquire = `  ${nameOf(p, style)}  acquire  ${bar(p.acquired, p.runs, style)}  `;
  return [
    `${acquire}${stateOf(p, style)}${cut(notes.join(''), style, acquire.length + p.state.length)}`,
    `  ${none}  process  ${bar(p.processed, p.runs, style)}${p.merged ? '  merged' : ''}`,
    ...p.reasons.slice(0, reasonsShown).map((reason) => style.paint.dim(cut(`  ${none}  ${firstLine(reason)}`, style))),
  ];
}

function analysisLine(p: ProcedureProgress, style: Style): string {
  const reason = p.state === 'failed' ? firstLine(p.reasons[0] ?? '') : '';
  const begin = `  ${nameOf(p, style)}  analyse  `;
  return `${begin}${stateOf(p, style)}${cut(reason === '' ? '' : `: ${reason}`, style, begin.length + p.state.length)}`;
}

function nameOf({ name }: ProcedureProgress, { nameWidth }: Style): string {
  return name.length <= nameWidth ? name.padEnd(nameWidth) : `${name.slice(0, nameWidth - 1)}…`;
}

function stateOf({ state }: ProcedureProgress, { paint }: Style): string {
  return colourOf(state, paint)(state);
}

/** Red is what has gone wrong, yellow what somebody should look at, green what is well. */
function colourOf(state: string, paint: Style['paint']): Paint {
  if (state === 'failed') return paint.red;
  if (state === 'done') return paint.green;
  if (['paused', 'asking', 'aborting', 'aborted', 'queued'].includes(state)) return paint.yellow;
  return state === 'waiting' ? paint.dim : paint.cyan;
}

function bar(done: number, all: number, { barWidth }: Style): string {
  const filled = all === 0 ? 0 : Math.min(barWidth, Math.floor((barWidth * done) / all));
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${String(done).padStart(String(all).length)}/${all}`;
}

/** @param used columns that stand before the text */
function cut(text: string, { columns }: Style, used = 0): string {
  const room = columns - used;
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;
}

/** A text on at most so many lines, broken between words. */
function inLines(text: string, columns: number, most: number): string[] {
  if (text.length <= columns || most === 1) return [text.length <= columns ? text : `${text.slice(0, columns - 1)}…`];
  const space = text.lastIndexOf(' ', columns);
  const end = space > columns / 2 ? space : columns;
  return [text.slice(0, end), ...inLines(text.slice(end).trimStart(), columns, most - 1)];
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0];
}
