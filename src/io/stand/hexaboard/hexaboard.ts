/**
 * Room: stands with a hexaboard: slow control, daq server and the stream of data over ZeroMQ.
 * May use: domain/*, io/stand/link, io/stand/locks.
 */

import {
  clientInitializeDocument,
  clientPart,
  configureDocument,
  daqPart,
  initializeDocument,
  targetPart,
} from '../../../domain/daq/parts.js';
import type { RawSink, RunTaken, Silence, StandDriver, StandRun, StandStart } from '../../../domain/daq/stand.js';
import { chipNames, tdcStartWrites } from '../../../domain/daq/tdc-start.js';
import { defaultPorts, type Address, type HexaboardNetwork } from '../../../domain/config/network/network.js';
import type { ConfigMap } from '../../../domain/config/value.js';
import { DatenraffinerieError } from '../../../domain/errors.js';
import { BoardLock } from '../locks/board-lock.js';
import { ClientFiles } from './client-files.js';
import { DaqService } from './daq-service.js';
import { RunLength } from './run-length.js';
import { readRun } from './run-reader.js';
import { RegisterWriter } from './register-writer.js';
import { SlowControlClient } from './slow-control-client.js';
import { PullChannel, type ServiceAddress } from '../link/sockets.js';
import { ServiceWaits } from '../link/service-waits.js';
import { meetSeconds, type StandTimeouts } from '../link/stand-timeouts.js';

export interface HexaboardStand {
  readonly network: HexaboardNetwork;
  readonly timeouts: StandTimeouts;
}

/** The pipe counts as empty when nothing came for so long, in seconds. */
const drainSilence = 0.1;

/** Drives a hexaboard through its own services: slow control, daq server, data stream (or the daq client's files). */
export class HexaboardDriver implements StandDriver {
  readonly kind = 'hexaboard';
  private readonly slowControl: SlowControlClient;
  private readonly registers: RegisterWriter;
  private readonly daq: DaqService;
  private readonly clientFiles: ClientFiles | undefined;
  private readonly runLength = new RunLength();
  private readonly waits = new ServiceWaits();
  private board: BoardLock | undefined;
  private data: PullChannel | undefined;
  /** Set between `begin` and the first failure: only then differences may be sent. */
  private ready = false;

  constructor(private readonly stand: HexaboardStand) {
    const { network, timeouts } = stand;
    const client = network.useClient ? network.client : undefined;
    const { waits } = this;
    const slowControl = named('slow-control server', network.slowControl);
    this.slowControl = new SlowControlClient(slowControl, timeouts.slowControl, waits);
    this.registers = new RegisterWriter(this.slowControl, network.readback);
    this.daq = new DaqService(named('daq server', network.daqServer), timeouts.command, waits);
    this.clientFiles = client === undefined ? undefined : new ClientFiles(named('daq client', client), timeouts, waits);
  }

  async begin(start: StandStart, signal: AbortSignal): Promise<void> {
    this.ready = false;
    await this.claim(signal);
    await this.registers.settle();
    const daq = daqPart(start.state);
    await this.daq.stopRun(signal);
    await this.slowControl.reset(signal);
    await this.daq.expect('initialize', 'initialized', signal, initializeDocument(daq, this.dataPort(daq)));
    await this.daq.expect('configure', 'configured', signal, configureDocument(daq));
    if (this.clientFiles === undefined) await this.connectData(this.dataPort(daq), signal);
    else await this.clientFiles.begin(this.clientDocument(start.state), signal);
    await this.writeAll(start, signal);
    this.ready = true;
  }

  async takeRun(run: StandRun, sink: RawSink, signal: AbortSignal): Promise<RunTaken> {
    if (!this.ready) throw new Error('takeRun without begin, or after a failed run');
    this.ready = false;
    await this.registers.write(run, signal);
    if (run.send !== undefined) await this.configureChanges(run.send, run.state, signal);
    if (this.clientFiles === undefined) await this.takeFromStream(run, sink, signal);
    else await this.clientFiles.takeRun(run, this.daq, sink, signal);
    const chipState = this.stand.network.fullReadback ? await this.slowControl.getEverything(signal) : undefined;
    this.ready = true;
    return chipState === undefined ? {} : { chipState };
  }

  prepare(next: StandRun): void {
    this.registers.prepare(next);
  }

  silence(patience?: number): Silence | undefined {
    return this.waits.silence(patience);
  }

  /** The data stream's port is left alone: whoever connects there takes events from whoever measures. */
  async meet(signal: AbortSignal): Promise<void> {
    const deadline = { seconds: meetSeconds, signal };
    await Promise.all([this.slowControl.meet(deadline), this.daq.meet(deadline)]);
  }

  async quiet(signal: AbortSignal): Promise<void> {
    this.ready = false;
    await this.claim(signal);
    await this.registers.settle();
    await this.clientFiles?.quiet(signal);
    await this.daq.stopRun(signal);
    await this.slowControl.reset(signal);
  }

  async close(): Promise<void> {
    this.ready = false;
    this.slowControl.close();
    this.daq.close();
    this.data?.close();
    this.data = undefined;
    await this.clientFiles?.close();
    await this.board?.release();
    this.board = undefined;
  }

  /** Nobody else may drive this board, under whatever name of a stand. */
  private async claim(signal: AbortSignal): Promise<void> {
    this.board ??= await BoardLock.take(this.stand.network.slowControl, signal);
  }

  private async writeAll(start: StandStart, signal: AbortSignal): Promise<void> {
    const target = targetPart(start.state);
    await this.slowControl.set(target, this.stand.network.readback, signal);
    if (!start.runStartTdcProcedure) return;
    for (const values of tdcStartWrites(chipNames(target))) {
      await this.slowControl.set(values, this.stand.network.readback, signal);
    }
  }

  private async configureChanges(send: ConfigMap, state: ConfigMap, signal: AbortSignal): Promise<void> {
    const changed = daqPart(send);
    if (changed.size === 0) return;
    await this.daq.expect('configure', 'configured', signal, configureDocument(daqPart(state), changed));
  }

  private async takeFromStream(run: StandRun, sink: RawSink, signal: AbortSignal): Promise<void> {
    const { data } = this;
    const { timeouts, network } = this.stand;
    if (data === undefined) throw new Error('the data stream is not connected');
    while (data.takeArrived() !== undefined); // whatever is there before the start is not this run's
    await this.daq.start(signal);
    run.onStart?.();
    // with full_readback the chips are read before the next run's registers are written
    const onTaken = () => (network.fullReadback ? undefined : this.registers.writeAhead(signal));
    const reading = { daq: this.daq, length: this.runLength, seconds: timeouts.command, onTaken, timeouts };
    await readRun(data, sink, reading, signal);
    if (data.takeArrived() !== undefined) throw foreignData();
  }

  /** A new connection, and nothing in its pipe: what a former run left there would be taken for this one's. */
  private async connectData(port: number, signal: AbortSignal): Promise<void> {
    this.data?.close();
    const data = (this.data = new PullChannel(
      named('data stream', { hostname: this.stand.network.data.hostname, port }),
      this.waits,
    ));
    await data.connected({ seconds: this.stand.timeouts.command, signal });
    await data.drain(drainSilence, { seconds: this.stand.timeouts.command, signal });
  }

  /** That of the network file, else the configuration's, else the usual one. */
  private dataPort(daq: ConfigMap): number {
    const configured = Number(daq.get('zmqPushPull_port') ?? NaN);
    return this.stand.network.data.port ?? (Number.isInteger(configured) ? configured : defaultPorts.data);
  }

  private clientDocument(state: ConfigMap): ConfigMap {
    const { hostname } = this.stand.network.data;
    return clientInitializeDocument(clientPart(state), hostname, this.dataPort(daqPart(state)));
  }
}

function named(service: string, { hostname, port }: Address): ServiceAddress {
  return { service, hostname, port };
}

function foreignData(): DatenraffinerieError {
  return new DatenraffinerieError(
    'LinkError',
    'the data stream went on after END_OF_RUN: what was read belongs to a former run, or another program starts runs',
    { remedy: 'the stand is initialised and the run is taken again' },
  );
}
