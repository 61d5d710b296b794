import { describeDifferences, registerDifferences } from '../../../domain/daq/readback.js';
import { refusesConfiguration } from '../../../domain/daq/refusal.js';
import {
  encodeSlowControlRequest,
  everythingDescribed,
  parseSlowControlReply,
  slowControlRequest,
  withNullLeaves,
  type SlowControlRequest,
  type SlowControlType,
} from '../../../domain/daq/slow-control.js';
import type { ConfigMap } from '../../../domain/config/value.js';
import { DatenraffinerieError } from '../../../domain/errors.js';
import type { ServiceWaits } from '../link/service-waits.js';
import { RequestChannel, serviceText, type Deadline, type ServiceAddress } from '../link/sockets.js';

/** Registers to be written, as the server takes them. */
export interface EncodedRegisters {
  readonly values: ConfigMap;
  readonly readback: boolean;
  readonly text: string;
}

export function encodeRegisters(values: ConfigMap, readback: boolean): EncodedRegisters {
  const text = encodeSlowControlRequest({ ...slowControlRequest('set', values), readBack: readback });
  return { values, readback, text };
}

/** Reads and writes the chips' registers through the slow-control server. */
export class SlowControlClient {
  private readonly channel: RequestChannel;

  constructor(
    private readonly address: ServiceAddress,
    private readonly seconds: number,
    waits: ServiceWaits,
  ) {
    this.channel = new RequestChannel(address, waits);
  }

  /** Whether somebody listens there. */
  meet(deadline: Deadline): Promise<void> {
    return this.channel.meet(deadline);
  }

  /** Power-on values in all chips. */
  async reset(signal: AbortSignal): Promise<void> {
    await this.ask(slowControlRequest('reset'), signal);
  }

  /** Writes registers. With `readback` they are read from the chips afterwards: differences reject with a StandError. */
  set(values: ConfigMap, readback: boolean, signal: AbortSignal): Promise<void> {
    return this.send(encodeRegisters(values, readback), signal);
  }

  /** `set` of what was encoded before there was haste. */
  async send({ values, readback, text }: EncodedRegisters, signal: AbortSignal): Promise<void> {
    if (values.size === 0) return;
    await this.transact('set', text, signal);
    if (!readback) return;
    const read = await this.get(withNullLeaves(values), signal);
    const differences = registerDifferences(values, read);
    if (differences.length === 0) return;
    throw new DatenraffinerieError(
      'StandError',
      `${serviceText(this.address)}: registers do not hold what was written: ${describeDifferences(differences)}`,
      { remedy: 'the chips are initialised again; if it stays, look at power and i2c of the board' },
    );
  }

  /** Values from the chips themselves, for every null leaf of `wanted`. */
  async get(wanted: ConfigMap, signal: AbortSignal): Promise<ConfigMap> {
    return this.ask({ ...slowControlRequest('get', wanted), fromHardware: true }, signal);
  }

  /** What exists on the board, and its range. */
  async describe(signal: AbortSignal): Promise<ConfigMap> {
    return this.ask(slowControlRequest('describe'), signal);
  }

  /** All values of all chips. */
  async getEverything(signal: AbortSignal): Promise<ConfigMap> {
    return this.get(everythingDescribed(await this.describe(signal)), signal);
  }

  close(): void {
    this.channel.close();
  }

  private ask(request: SlowControlRequest, signal: AbortSignal): Promise<ConfigMap> {
    return this.transact(request.type, encodeSlowControlRequest(request), signal);
  }

  private async transact(type: SlowControlType, text: string, signal: AbortSignal): Promise<ConfigMap> {
    const [frame] = await this.channel.request([text], { seconds: this.seconds, signal });
    const reply = this.parse(frame);
    if (reply.status === 'success') return reply.args;
    throw new DatenraffinerieError(
      refusesConfiguration(reply.errmsg) ? 'RefusedError' : 'StandError',
      `${serviceText(this.address)} answers '${type}' with an error: ${reply.errmsg}`,
    );
  }

  private parse(frame: Uint8Array): ReturnType<typeof parseSlowControlReply> {
    try {
      return parseSlowControlReply(Buffer.from(frame).toString('utf8'));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DatenraffinerieError('StandError', `${serviceText(this.address)}: its reply is no reply: ${reason}`);
    }
  }
}
