import { RunStream } from '../../../domain/daq/run-stream.js';
import type { RawSink } from '../../../domain/daq/stand.js';
import { DatenraffinerieError } from '../../../domain/errors.js';
import { RunWatch, type RunWatchParts } from './run-watch.js';
import type { StandTimeouts } from '../link/stand-timeouts.js';
import { bytesText } from '../../../domain/quantities.js';
import { dataLimit, type PullChannel } from '../link/sockets.js';

/** How a run is read. */
export interface RunReading extends RunWatchParts {
  readonly timeouts: StandTimeouts;
}

/**
 * Reads the data of a run that was just started until END_OF_RUN, hands the bytes of its raw file to `sink`, and waits
 * until the server is configured again.
 */
export async function readRun(
  data: PullChannel,
  sink: RawSink,
  reading: RunReading,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const abort = () => over.abort(signal.reason);
  signal.addEventListener('abort', abort);
  const watch = new RunWatch(reading, over.signal);
  watch.configured.catch((error: unknown) => over.abort(error));
  try {
    signal.throwIfAborted();
    await readToEnd(data, sink, reading.timeouts, over.signal);
    watch.end();
    await watch.configured;
  } catch (error) {
    over.abort(error);
    await watch.stop();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function readToEnd(
  data: PullChannel,
  sink: RawSink,
  timeouts: StandTimeouts,
  signal: AbortSignal,
): Promise<void> {
  const stream = new RunStream();
  const begin = performance.now();
  const { losses } = data;
  while (!stream.ended) {
    const left = timeouts.run - (performance.now() - begin) / 1000;
    const message = await data.receive({ seconds: Math.min(timeouts.silence, Math.max(left, 0)), signal });
    if (message === undefined && left > timeouts.silence) {
      throw silent(stream, timeouts.silence, data.losses > losses);
    }
    if (message === undefined || left <= 0) throw endless(stream, timeouts.run);
    const bytes = stream.accept(message);
    if (bytes !== undefined) await sink.write(bytes);
  }
}

function silent(stream: RunStream, seconds: number, isLost: boolean): DatenraffinerieError {
  const where = stream.started ? `after ${stream.events} events` : 'before START_RUN';
  const lost = `, and its connection was lost, as by a message of more than ${bytesText(dataLimit)}`;
  return new DatenraffinerieError(
    'TimeoutError',
    `the data stream fell silent ${where}: no message for ${seconds} s and no END_OF_RUN${isLost ? lost : ''}`,
    { remedy: 'the run is taken again; if it happens often, look at triggers and at the daq server' },
  );
}

function endless(stream: RunStream, seconds: number): DatenraffinerieError {
  return new DatenraffinerieError(
    'TimeoutError',
    `the run did not end within ${seconds} s (${stream.events} events so far)`,
    { remedy: "raise 'timeouts.run' in the network file if runs may last longer" },
  );
}
