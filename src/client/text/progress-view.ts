import { createLogUpdate } from 'log-update';
import type { ProcedureProgress, ScanProgress } from '../../workflows/messages.js';
import { visibleText } from '../../domain/foreign-text.js';
import { durationText } from '../../domain/quantities.js';
import { steeringStream } from './guard-output.js';
import { formatCounts, formatLine } from './progress-text.js';

/** Shows a scan's progress on a stream; `end` leaves the last state standing. */
export interface ProgressView {
  show(progress: ScanProgress): void;
  end(): void;
}

const barWidth = 24;
/** Of a procedure, below its bars; `status --json` has more. */
const reasonsShown = 3;
/** How often a line is printed where there is no terminal, if only numbers have changed. */
const quietMs = 10_000;

export function progressView(stream: NodeJS.WriteStream): ProgressView {
  return stream.isTTY ? barsView(stream) : linesView(stream);
}

function barsView(stream: NodeJS.WriteStream): ProgressView {
  const update = createLogUpdate(steeringStream(stream));
  return { show: (progress) => update(visibleText(formatBars(progress))), end: () => update.done() };
}

function linesView(stream: NodeJS.WritableStream): ProgressView {
  const told = new Set<string>();
  let states = '';
  let printed = 0;
  return {
    show: (progress) => {
      for (const line of formatReasons(progress)) {
        if (!told.has(line)) stream.write(`${clock()} ${line}\n`);
        told.add(line);
      }
      const now = progress.procedures.map(({ state }) => state).join() + progress.phase + (progress.waitingFor ?? '');
      if (now === states && Date.now() - printed < quietMs) return;
      states = now;
      printed = Date.now();
      stream.write(`${clock()} ${formatLine(progress)}\n`);
    },
    end: () => undefined,
  };
}

/** `21:04:59`, of the reader's clock. */
function clock(): string {
  return new Date().toTimeString().slice(0, 8);
}

/** Why runs are measured or processed again, a line each. */
export function formatReasons(progress: ScanProgress): string[] {
  return progress.procedures.flatMap(({ name, reasons }) => reasons.map((reason) => `${name}: ${reason}`));
}

/** Two bars a DAQ procedure (acquired, processed), a line an analysis. */
export function formatBars(progress: ScanProgress): string {
  const width = Math.max(8, ...progress.procedures.map(({ name }) => name.length));
  const waiting = progress.waitingFor === undefined ? '' : `, waiting for ${progress.waitingFor}`;
  const left = progress.secondsLeft === undefined ? '' : `, ${durationText(progress.secondsLeft)} left`;
  const head = `${progress.phase} on stand ${progress.stand}${waiting}${left}`;
  return [
    head,
    ...progress.procedures.flatMap((p) => (p.type === 'daq' ? daqLines(p, width) : [analysisLine(p, width)])),
  ].join('\n');
}

function daqLines(p: ProcedureProgress, width: number): string[] {
  const left = p.secondsLeft === undefined ? '' : `${durationText(p.secondsLeft)} left`;
  const notes = [p.state, left, formatCounts(p)].filter((text) => text !== '').join(', ');
  return [
    `  ${p.name.padEnd(width)}  acquire  ${bar(p.acquired, p.runs)}  ${notes}`,
    `  ${' '.repeat(width)}  process  ${bar(p.processed, p.runs)}${p.merged ? '  merged' : ''}`,
    ...p.reasons.slice(0, reasonsShown).map((reason) => `  ${' '.repeat(width)}  ${reason.split('\n', 1)[0]}`),
  ];
}

function analysisLine(p: ProcedureProgress, width: number): string {
  const reason = p.state === 'failed' ? (p.reasons[0] ?? '') : '';
  return `  ${p.name.padEnd(width)}  analyse  ${p.state}${reason === '' ? '' : `: ${reason.split('\n')[0]}`}`;
}

function bar(done: number, all: number): string {
  const filled = all === 0 ? 0 : Math.floor((barWidth * done) / all);
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${String(done).padStart(String(all).length)}/${all}`;
}
