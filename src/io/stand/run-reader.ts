import { RunStream } from '../../domain/daq/run-stream.js';
import type { RawSink } from '../../domain/daq/stand.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { DaqService } from './daq-service.js';
import type { StandTimeouts } from './stand-timeouts.js';
import type { PullChannel } from './sockets.js';

/** How often the server is asked for its state while it takes data: only to see that it is not in an error. */
const statusInterval = 0.25;

/** Reads the data of a run that was just started until END_OF_RUN, and hands the bytes of its raw file to `sink`. */
export async function readRun(
  data: PullChannel,
  daq: DaqService,
  sink: RawSink,
  timeouts: StandTimeouts,
  signal: AbortSignal,
): Promise<RunStream> {
  const stream = new RunStream();
  const begin = performance.now();
  let heard = begin;
  while (!stream.ended) {
    const message = await data.receive({ seconds: statusInterval, signal });
    const now = performance.now();
    if (message === undefined) await checkRunning(daq, signal);
    else {
      heard = now;
      const bytes = stream.accept(message);
      if (bytes !== undefined) await sink.write(bytes);
    }
    if (now - heard > 1000 * timeouts.silence) throw silent(stream, timeouts.silence);
    if (now - begin > 1000 * timeouts.run) throw endless(stream, timeouts.run);
  }
  return stream;
}

/** Between `running` and `configured` the last messages may still be on their way: only other states are wrong. */
async function checkRunning(daq: DaqService, signal: AbortSignal): Promise<void> {
  const state = await daq.command('status', signal);
  if (state !== 'running' && state !== 'configured') throw daq.wrongState('within a run', state, 'running');
}

function silent(stream: RunStream, seconds: number): DatenraffinerieError {
  const where = stream.started ? `after ${stream.events} events` : 'before START_RUN';
  return new DatenraffinerieError(
    'TimeoutError',
    `the data stream fell silent ${where}: no message for ${seconds} s and no END_OF_RUN`,
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
