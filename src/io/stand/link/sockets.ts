/**
 * Room: ZeroMQ sockets with deadlines: nothing waits for ever.
 * May use: domain, domain/daq.
 */

import { Pull, Request } from 'zeromq';
import { DatenraffinerieError } from '../../../domain/errors.js';
import { bytesText } from '../../../domain/quantities.js';
import { within } from './deadline.js';
import type { ServiceWaits } from './service-waits.js';

/** A service of the stand, as messages name it: `slow-control server at 127.0.0.1:5555`. */
export interface ServiceAddress {
  readonly service: string;
  readonly hostname: string;
  readonly port: number;
}

export function serviceText(address: ServiceAddress): string {
  return `${address.service} at ${address.hostname}:${address.port}`;
}

export interface Deadline {
  readonly seconds: number;
  readonly signal: AbortSignal;
}

const mebibyte = 1024 * 1024;
/** The registers of a whole board are read in some 200 kB. */
const usualReply = 16 * mebibyte;
/** A coordinator answers with all data of a run. */
export const runReply = 1024 * mebibyte;
/** A message holds some events, of some kB each. */
export const dataLimit = 64 * mebibyte;

/**
 * A computer that is switched off, or whose cable is cut, is noticed within some 6 s by the kernel, however long a service
 * may work at an answer: by probes (s) of an idle connection, and by what is not acknowledged (ms). No heartbeats of
 * ZeroMQ: services with libzmq before 4.2 do not answer them.
 */
const signsOfLife = {
  ...{ tcpKeepalive: 1, tcpKeepaliveIdle: 2, tcpKeepaliveInterval: 1, tcpKeepaliveCount: 4 },
  tcpMaxRetransmitTimeout: 6000,
} as const;

/** A service that is there takes the connection at once, however long its work lasts; in seconds. */
const connectSeconds = 10;

/**
 * Requests to one REP service, one at a time. A request whose reply did not come leaves no trace: its socket, which
 * would deliver the late reply to the next request, is thrown away, and the next request connects anew.
 */
export class RequestChannel {
  private socket: Request | undefined;
  private connected = false;
  /** Resolves when the service has been reached. */
  private handshake: Promise<void> = Promise.resolve();
  /** Rejects the request under way when its connection breaks. */
  private broken: ((error: Error) => void) | undefined;

  /** @param replyLimit bytes of the largest reply that is taken */
  constructor(
    private readonly address: ServiceAddress,
    private readonly waits: ServiceWaits,
    private readonly replyLimit = usualReply,
  ) {}

  /** Resolves when somebody has taken the connection; rejects with a LinkError where nobody does in time. */
  async meet({ seconds, signal }: Deadline): Promise<void> {
    this.socket ??= this.open();
    const wait = this.waits.begin(serviceText(this.address), seconds);
    try {
      await within(seconds, signal, this.handshake, () => this.late(seconds));
    } catch (error) {
      this.close();
      throw error;
    } finally {
      this.waits.end(wait);
    }
  }

  /**
   * Sends one message and gives the frames of its reply. Rejects with a LinkError where nobody listens or the
   * connection breaks, with a TimeoutError where the reply is late, with the signal's reason where it is aborted.
   */
  async request(frames: readonly string[] | Uint8Array, { seconds, signal }: Deadline): Promise<readonly Uint8Array[]> {
    signal.throwIfAborted();
    const socket = (this.socket ??= this.open());
    const patience = this.connected ? seconds : Math.min(seconds, connectSeconds);
    const wait = this.waits.begin(serviceText(this.address), patience);
    const absent = this.connected ? undefined : setTimeout(() => this.checkConnected(), 1000 * connectSeconds);
    try {
      const broken = new Promise<never>((_, reject) => (this.broken = reject));
      const exchange = socket.send(frames instanceof Uint8Array ? frames : [...frames]).then(() => socket.receive());
      return await within(seconds, signal, Promise.race([exchange, broken]), () => this.late(seconds));
    } catch (error) {
      this.close();
      throw asLinkError(this.address, error, signal);
    } finally {
      clearTimeout(absent);
      this.waits.end(wait);
      this.broken = undefined;
    }
  }

  close(): void {
    this.socket?.close();
    this.socket = undefined;
    this.connected = false;
  }

  private checkConnected(): void {
    if (!this.connected) this.broken?.(this.late(connectSeconds));
  }

  private open(): Request {
    const socket = new Request({ linger: 0, maxMessageSize: this.replyLimit, ...signsOfLife });
    this.handshake = new Promise((resolve) => {
      socket.events.on('handshake', () => {
        this.connected = true;
        resolve();
      });
    });
    socket.events.on('disconnect', () => {
      if (this.socket !== socket) return;
      this.connected = false;
      this.broken?.(
        linkError(
          this.address,
          `closed the connection before it answered, or answered with more than ${bytesText(this.replyLimit)}`,
        ),
      );
    });
    connect(socket, this.address);
    return socket;
  }

  private late(seconds: number): Error {
    if (!this.connected) return linkError(this.address, `nobody answered within ${seconds} s`);
    return new DatenraffinerieError('TimeoutError', `${serviceText(this.address)}: no reply within ${seconds} s`, {
      remedy: 'look at the log of the service; it is connected but does not answer',
    });
  }
}

/** Messages that are read and not yet taken: few, so that a slow disk slows the stand and does not fill the memory. */
const messagesAhead = 32;

/** The reading end of a data stream; always one message ahead, so that what has arrived can be told at once. */
export class PullChannel {
  private readonly socket = new Pull({
    linger: 0,
    receiveHighWaterMark: messagesAhead,
    maxMessageSize: dataLimit,
    ...signsOfLife,
  });
  private readonly handshake: Promise<void>;
  private message: Uint8Array | undefined;
  private next: Promise<void>;
  /** How often the connection has been lost; a message beyond `dataLimit` ends it, too. */
  losses = 0;

  constructor(
    private readonly address: ServiceAddress,
    private readonly waits: ServiceWaits,
  ) {
    this.handshake = new Promise((resolve) => this.socket.events.on('handshake', () => resolve()));
    this.socket.events.on('disconnect', () => this.losses++);
    connect(this.socket, address);
    this.next = this.readAhead();
  }

  /** Resolves when the service has been reached; rejects with a LinkError where it is not. */
  async connected({ seconds, signal }: Deadline): Promise<void> {
    const late = () => linkError(this.address, `nobody answered within ${seconds} s`);
    await within(seconds, signal, this.handshake, late);
  }

  /** The next message, or undefined where none comes in time. Rejects only where it is aborted. */
  async receive({ seconds, signal }: Deadline): Promise<Uint8Array | undefined> {
    if (this.message === undefined) await this.arrival({ seconds, signal });
    return this.takeArrived();
  }

  private async arrival({ seconds, signal }: Deadline): Promise<void> {
    const wait = this.waits.begin(serviceText(this.address), seconds, true);
    try {
      await within(seconds, signal, this.next, () => undefined);
    } finally {
      this.waits.end(wait);
    }
  }

  /** The next message if it is there already. */
  takeArrived(): Uint8Array | undefined {
    const message = this.message;
    if (message === undefined) return undefined;
    this.message = undefined;
    this.next = this.readAhead();
    return message;
  }

  close(): void {
    this.socket.close();
  }

  /**
   * Throws away what comes until nothing has come for `quiet` seconds. Rejects with a LinkError where that takes longer
   * than `seconds`.
   */
  async drain(quiet: number, { seconds, signal }: Deadline): Promise<void> {
    const end = performance.now() + 1000 * seconds;
    while ((await this.receive({ seconds: quiet, signal })) !== undefined) {
      if (performance.now() <= end) continue;
      throw linkError(this.address, `data came for ${seconds} s, though no run was started`, alien);
    }
  }

  /** Closing ends the read; nobody waits for it then. */
  private async readAhead(): Promise<void> {
    const frames = await this.socket.receive().catch(() => undefined);
    if (frames === undefined) await new Promise<never>(() => undefined);
    else this.message = frames[0];
  }
}

function connect(socket: Request | Pull, address: ServiceAddress): void {
  try {
    socket.connect(`tcp://${address.hostname}:${address.port}`);
  } catch (error) {
    socket.close();
    throw new DatenraffinerieError('ConfigError', `${serviceText(address)}: this is no address`, {
      remedy: 'correct hostname and port in the network file',
      cause: error,
    });
  }
}

const absent = 'see that the service runs, and that hostname and port in the network file are right';
const alien = 'another program starts runs on this stand: end it, or let it reset the daq server';

function linkError(address: ServiceAddress, what: string, remedy = absent): DatenraffinerieError {
  return new DatenraffinerieError('LinkError', `${serviceText(address)}: ${what}`, { remedy });
}

function asLinkError(address: ServiceAddress, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted || error instanceof DatenraffinerieError) return error;
  return linkError(address, error instanceof Error ? error.message : String(error));
}
