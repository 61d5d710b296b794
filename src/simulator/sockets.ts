import { Pull, Push, Router } from 'zeromq';
import { DatenraffinerieError } from '../domain/errors.js';

/** Frames of a reply, or undefined where none is to be sent. */
export type Handler = (frames: readonly Buffer[]) => Promise<readonly (string | Uint8Array)[] | undefined>;

/** A service that answers requests; unlike a REP socket it may leave one without reply. */
export class Service {
  private socket: Router | undefined;

  /** @param host address of this computer that it is to be reached at */
  constructor(
    private readonly host: string,
    private readonly handler: Handler,
  ) {}

  /** Port 0 takes a free one. Returns the port. */
  async listen(port: number): Promise<number> {
    const socket = (this.socket = new Router({ linger: 0 }));
    await bind(socket, this.host, port);
    void this.serve(socket);
    return boundPort(socket.lastEndpoint);
  }

  close(): void {
    this.socket?.close();
    this.socket = undefined;
  }

  private async serve(socket: Router): Promise<void> {
    for await (const [peer, ...envelope] of socket) {
      const body = envelope.findIndex((frame) => frame.length === 0) + 1; // REQ puts an empty frame before its message
      void this.answer(socket, [peer, ...envelope.slice(0, body)], envelope.slice(body));
    }
  }

  private async answer(socket: Router, envelope: readonly Buffer[], frames: readonly Buffer[]): Promise<void> {
    const reply = await this.handler(frames);
    if (reply !== undefined && !socket.closed) await socket.send([...envelope, ...reply]);
  }
}

/** The writing end of a data stream. */
export class DataSource {
  private socket: Push | undefined;
  /** Port that it is bound to; 0 before. */
  port = 0;

  constructor(private readonly host: string) {}

  /** Port 0 takes a free one. */
  async listen(port: number): Promise<void> {
    this.close();
    const socket = (this.socket = new Push({ linger: 0, sendHighWaterMark: 64, sendTimeout: 100 }));
    await bind(socket, this.host, port);
    this.port = boundPort(socket.lastEndpoint);
  }

  /** Sends a message as soon as a reader takes it; false where `signal` ends the waiting. */
  async send(message: string | Uint8Array, signal: AbortSignal): Promise<boolean> {
    const socket = this.socket;
    while (socket !== undefined && !socket.closed && !signal.aborted) {
      try {
        await socket.send(message);
        return true;
      } catch {
        // nobody reads, or not fast enough: once more after the send time-out
      }
    }
    return false;
  }

  close(): void {
    this.socket?.close();
    this.socket = undefined;
  }
}

/** Reads a data stream until it is closed. */
export function readStream(hostname: string, port: number, take: (message: Uint8Array) => void): { close(): void } {
  const socket = new Pull({ linger: 0 });
  socket.connect(`tcp://${hostname}:${port}`);
  const read = async () => {
    for await (const [message] of socket) take(message);
  };
  void read();
  return { close: () => socket.close() };
}

async function bind(socket: Router | Push, host: string, port: number): Promise<void> {
  try {
    await socket.bind(`tcp://${host}:${port || '*'}`);
  } catch (error) {
    socket.close();
    throw new DatenraffinerieError('BusyError', `port ${port} of ${host} cannot be listened on: ${String(error)}`, {
      remedy: 'another program uses it; choose other ports with --ports, or free ones with --ports 0',
    });
  }
}

function boundPort(endpoint: string | null): number {
  return Number(/:(\d+)$/.exec(endpoint ?? '')?.[1]);
}
