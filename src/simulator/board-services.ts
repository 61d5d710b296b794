import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { ConfigMap } from '../domain/config/value.js';
import { eventsOf } from '../domain/config/roots.js';
import type { RecordLayout } from '../domain/hgcroc/layout.js';
import { boardRun } from './chip/board.js';
import { BusyClock } from './busy-clock.js';
import { DaqServer } from './daq-server.js';
import { faultHappens, type Fault, type FaultName } from './faults.js';
import { takeRun, type MessageSink, type RunEnd, type RunPlan } from './run.js';
import { SlowControlServer } from './slow-control-server.js';
import { DataSource, Service } from './sockets.js';

/** What a simulated board is and does. */
export interface BoardOptions {
  /** Address that its services listen at. */
  readonly host: string;
  readonly seed: number;
  readonly chips: number;
  readonly layout: RecordLayout;
  /** Duration of a run; undefined: as the events take at `eventRate`. */
  readonly runSeconds: number | undefined;
  /** Events per second. */
  readonly eventRate: number;
  readonly eventsPerMessage: number;
  /** After so many events a run's data repeat under new event numbers (long runs at little cost). */
  readonly distinctEvents: number;
  /** `run`: equal configurations give equal data; `counter`: every run has noise of its own. */
  readonly noise: 'run' | 'counter';
  /** How often `start` is answered with `configured` while the links align. */
  readonly alignTries: number;
  readonly faults: readonly Fault[];
  /** How long a silent server is silent, and a killed one away. */
  readonly outageSeconds: number;
  readonly slowSeconds: number;
}

export interface BoardPorts {
  readonly slowControl: number;
  readonly daq: number;
  readonly data: number;
}

/** Slow-control server, daq server and data stream of one board. */
export class BoardServices {
  readonly clock = new BusyClock();
  readonly slowControl: SlowControlServer;
  private readonly daq: DaqServer;
  private readonly data: DataSource;
  private readonly slowControlService: Service;
  private readonly daqService: Service;
  private daqPort = 0;
  private running: AbortController | undefined;
  /** Runs begun or refused since the start: what faults are counted by. */
  private run = 0;
  private startTries = 0;
  private misaligned = false;
  private silentUntil = 0;

  constructor(private readonly options: BoardOptions) {
    this.slowControl = new SlowControlServer(options.chips);
    this.daq = new DaqServer({
      prepare: (port) => this.prepare(port),
      aligned: () => this.aligned(),
      begin: (daq) => void this.takeRun(daq, this.data),
      stop: () => this.running?.abort(),
    });
    this.data = new DataSource(options.host);
    this.slowControlService = new Service(options.host, async ([frame]) => [
      this.slowControl.handle(frame.toString('utf8')),
    ]);
    this.daqService = new Service(options.host, (frames) => this.answerDaq(frames));
  }

  async listen(ports: BoardPorts): Promise<BoardPorts> {
    const slowControl = await this.slowControlService.listen(ports.slowControl);
    this.daqPort = await this.daqService.listen(ports.daq);
    await this.data.listen(ports.data);
    return { slowControl, daq: this.daqPort, data: this.data.port };
  }

  close(): void {
    this.running?.abort();
    this.slowControlService.close();
    this.daqService.close();
    this.data.close();
  }

  private async answerDaq(frames: readonly Buffer[]): Promise<readonly string[] | undefined> {
    if (performance.now() < this.silentUntil) return undefined;
    if (this.faulty('slow')) await sleep(1000 * this.options.slowSeconds);
    return [await this.daq.handle(frames)];
  }

  private async prepare(port: number): Promise<void> {
    this.running?.abort();
    this.startTries = 0;
    this.misaligned = false;
    if (port !== this.data.port) await this.data.listen(port);
  }

  private aligned(): boolean {
    if (this.faulty('links') && !this.misaligned) {
      this.misaligned = true;
      this.run += 1;
    }
    this.startTries += 1;
    return !this.misaligned && this.startTries > this.options.alignTries;
  }

  private faulty(name: FaultName): boolean {
    return faultHappens(this.options.faults, name, this.options.seed, this.run);
  }

  /** Takes one run and hands its messages to `data`; resolves to how it ended. */
  async takeRun(daq: ConfigMap, data: MessageSink): Promise<RunEnd> {
    const { signal } = (this.running = new AbortController());
    const plan = this.plan(daq);
    this.slowControl.misreadNext = plan.faults.has('readback');
    const noise = this.options.noise === 'counter' ? this.run + 1 : 0;
    const registers = this.slowControl.registers;
    this.run += 1;
    this.clock.begin();
    await nextTurn(); // the reply to `start` goes out before the run is calculated
    const board = boardRun(this.options, registers, withoutPort(daq), noise);
    const taken = () => {
      this.clock.end();
      this.daq.runEnded('configured');
    };
    const end = await takeRun(data, board, plan, taken, signal);
    await this.afterRun(end);
    return end;
  }

  private plan(daq: ConfigMap): RunPlan {
    const events = eventsOf(new Map([['daq', daq]])) ?? 1000;
    const { layout, eventsPerMessage, distinctEvents, runSeconds, eventRate, faults, seed } = this.options;
    const happening = faults.map(({ name }) => name).filter((name) => faultHappens(faults, name, seed, this.run));
    const seconds = runSeconds ?? events / eventRate;
    return { events, seconds, layout, eventsPerMessage, distinctEvents, faults: new Set(happening) };
  }

  private async afterRun(end: RunEnd): Promise<void> {
    this.clock.end();
    if (end === 'error') this.daq.runEnded('error');
    if (end === 'silent') this.silentUntil = performance.now() + 1000 * this.options.outageSeconds;
    if (end === 'silent') this.daq.runEnded('configured');
    if (end === 'power') {
      this.slowControl.reset();
      this.daq.powerOn();
    }
    if (end === 'killed') await this.dieAndComeBack();
  }

  private async dieAndComeBack(): Promise<void> {
    const port = this.data.port;
    this.daqService.close();
    this.data.close();
    this.daq.powerOn();
    await sleep(1000 * this.options.outageSeconds);
    await this.daqService.listen(this.daqPort);
    await this.data.listen(port);
  }
}

/** Where the data go to makes no difference for what they are. */
function withoutPort(daq: ConfigMap): ConfigMap {
  return new Map([...daq].filter(([key]) => key !== 'zmqPushPull_port'));
}
