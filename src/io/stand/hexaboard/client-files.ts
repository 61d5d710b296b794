import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventSequence } from '../../../domain/daq/event-sequence.js';
import type { RawSink, StandRun } from '../../../domain/daq/stand.js';
import type { ConfigMap } from '../../../domain/config/value.js';
import { DatenraffinerieError } from '../../../domain/errors.js';
import { findFirstRecord } from '../../../domain/hgcroc/archive-header.js';
import { DaqService } from './daq-service.js';
import type { ServiceWaits } from '../link/service-waits.js';
import type { StandTimeouts } from '../link/stand-timeouts.js';
import { pause } from '../link/deadline.js';
import type { ServiceAddress } from '../link/sockets.js';

const runType = 'run_';
const pollSeconds = 0.01;
/** A file that has not grown for so long is complete. */
const settledSeconds = 0.1;

/** Takes runs through the C++ daq client, which pulls the stream and writes a file per run into a folder of ours. */
export class ClientFiles {
  private readonly client: DaqService;
  private folder: string | undefined;
  private runs = 0;
  private started = false;

  constructor(
    address: ServiceAddress,
    private readonly timeouts: StandTimeouts,
    waits: ServiceWaits,
  ) {
    this.client = new DaqService(address, timeouts.command, waits);
  }

  /** Initialises the client with a new folder; it counts its files from 0 again. */
  async begin(document: ConfigMap, signal: AbortSignal): Promise<void> {
    await this.quiet(signal);
    this.folder = await mkdtemp(join(tmpdir(), 'datenraffinerie-client-'));
    this.runs = 0;
    await this.client.expect('initialize', 'initialized', signal, document);
    const settings: ConfigMap = new Map([
      ['outputDirectory', this.folder],
      ['run_type', runType],
    ]);
    await this.client.expect('configure', 'configured', signal, new Map([['client', settings]]));
  }

  /** Takes one run with the daq server, waits for the client's file, hands it on and removes it. */
  async takeRun(run: StandRun, daq: DaqService, sink: RawSink, signal: AbortSignal): Promise<void> {
    if (this.folder === undefined) throw new Error('takeRun without begin');
    if (!this.started) await this.client.expect('start', 'running', signal);
    this.started = true;
    await daq.start(signal);
    run.onStart?.();
    await this.untilTaken(daq, signal);
    const path = join(this.folder, `${runType}${this.runs}.raw`);
    await this.untilComplete(path, signal);
    this.runs += 1;
    const bytes = await readFile(path);
    new EventSequence().check(bytes.subarray(findFirstRecord(bytes)));
    await sink.write(bytes);
    await rm(path);
  }

  /** Stops the client where it runs, and removes its folder. */
  async quiet(signal: AbortSignal): Promise<void> {
    await this.client.stopRun(signal);
    this.started = false;
    await this.removeFolder();
  }

  async close(): Promise<void> {
    this.client.close();
    await this.removeFolder().catch(() => undefined); // left among the temporary files: no reason to keep the board
  }

  private async removeFolder(): Promise<void> {
    if (this.folder !== undefined) await rm(this.folder, { recursive: true, force: true });
    this.folder = undefined;
  }

  private async untilTaken(daq: DaqService, signal: AbortSignal): Promise<void> {
    const end = performance.now() + 1000 * this.timeouts.run;
    for (;;) {
      const state = await daq.command('status', signal);
      if (state === 'configured') return;
      if (state !== 'running') throw daq.wrongState('within a run', state, 'running');
      if (performance.now() > end) throw late(`the run did not end within ${this.timeouts.run} s`);
      await pause(pollSeconds, signal);
    }
  }

  private async untilComplete(path: string, signal: AbortSignal): Promise<void> {
    const end = performance.now() + 1000 * this.timeouts.silence;
    let size = -1;
    let since = performance.now();
    for (;;) {
      const found = await stat(path).catch(() => undefined);
      const now = performance.now();
      if (found !== undefined && found.size !== size) [size, since] = [found.size, now];
      else if (found !== undefined && size > 0 && now - since > 1000 * settledSeconds) return;
      if (now > end) throw late(`the daq client wrote no ${path} within ${this.timeouts.silence} s`);
      await pause(pollSeconds, signal);
    }
  }
}

function late(what: string): DatenraffinerieError {
  return new DatenraffinerieError('TimeoutError', what, {
    remedy: 'see that the daq client runs on this computer and may write there, or leave out use_client',
  });
}
