import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { ScanProgress } from '../../workflows/messages.js';
import { visibleText } from '../../domain/foreign-text.js';
import { steeringStream } from './guard-output.js';
import { formatBars, plainCanvas, type Canvas } from './progress-bars.js';
import { clockText, formatLine } from './progress-text.js';

/** Shows a scan's progress on a stream; `end` leaves the last state standing. */
export interface ProgressView {
  show(progress: ScanProgress): void;
  end(): void;
}

/** How often a line is printed where there is no terminal, if only numbers have changed. */
const quietMs = 10_000;

export function progressView(stream: NodeJS.WriteStream): ProgressView {
  return stream.isTTY ? barsView(stream) : linesView(stream);
}

function barsView(stream: NodeJS.WriteStream): ProgressView {
  // it would hide the cursor through another stream than this one
  const update = createLogUpdate(steeringStream(stream), { showCursor: true });
  let lines = 0;
  const show = (progress: ScanProgress): void => {
    const text = visibleText(formatBars(progress, canvasOf(stream)));
    const now = text.split('\n').length;
    if (now !== lines) update.clear(); // lines that move are not drawn again by themselves
    lines = now;
    update(text);
  };
  return { show, end: () => update.done() };
}

/** As large as the terminal is now; colours where it has them and nobody has switched them off. */
export function canvasOf(stream: NodeJS.WriteStream): Canvas {
  const { columns = plainCanvas.columns, rows = plainCanvas.rows } = stream;
  // of a pipe `isTTY` is undefined, whatever its type says, and picocolors takes that for "as the environment has it"
  return { columns, rows, colours: Boolean(stream.isTTY) && pc.isColorSupported };
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

function clock(): string {
  return clockText(new Date().toISOString());
}

/** Why runs are measured or processed again, a line each. */
export function formatReasons(progress: ScanProgress): string[] {
  return progress.procedures.flatMap(({ name, reasons }) => reasons.map((reason) => `${name}: ${reason}`));
}
