/**
 * Room: stands behind the coordinator's service.
 * May use: domain/*, io, io/stand/link.
 */

import { formatYaml, parseYaml } from '../../../domain/config/yaml/yaml.js';
import type { CoordinatorNetwork } from '../../../domain/config/network/network.js';
import { isMap, type ConfigMap, type ConfigValue } from '../../../domain/config/value.js';
import { EventSequence } from '../../../domain/daq/event-sequence.js';
import { clientPart, daqPart, mapAt, targetPart } from '../../../domain/daq/parts.js';
import { refusesConfiguration } from '../../../domain/daq/refusal.js';
import type { RawSink, RunTaken, Silence, StandDriver, StandRun, StandStart } from '../../../domain/daq/stand.js';
import { chipNames, tdcStartWrites } from '../../../domain/daq/tdc-start.js';
import { DatenraffinerieError } from '../../../domain/errors.js';
import { findFirstRecord } from '../../../domain/hgcroc/archive-header.js';
import {
  encodeCoordinatorRequest,
  parseCoordinatorReply,
  type CoordinatorCommand,
  type CoordinatorReply,
} from './coordinator-messages.js';
import { ServiceWaits } from '../link/service-waits.js';
import { runReply, RequestChannel, serviceText, type ServiceAddress } from '../link/sockets.js';
import { meetSeconds, type StandTimeouts } from '../link/stand-timeouts.js';
import type { TokenFile } from './token-file.js';

export interface CoordinatorStand {
  readonly network: CoordinatorNetwork;
  readonly timeouts: StandTimeouts;
  /** Keeps the lock's token beyond this process: one that died could never give the lock back. */
  readonly token: TokenFile;
}

/** Measures through the coordinator of the Python tool, which gives whole raw files. */
export class CoordinatorDriver implements StandDriver {
  readonly kind = 'coordinator';
  private readonly address: ServiceAddress;
  private readonly channel: RequestChannel;
  private readonly waits = new ServiceWaits();
  private token: string | null = null;

  constructor(private readonly stand: CoordinatorStand) {
    this.address = { service: 'coordinator', ...stand.network.coordinator };
    this.channel = new RequestChannel(this.address, this.waits, runReply);
  }

  async begin(start: StandStart, signal: AbortSignal): Promise<void> {
    // giving the lock back makes the coordinator end what a failed run has left
    if (this.token !== null) await this.acknowledged('release lock', undefined, signal);
    this.token = null;
    await this.acquire(signal);
    await this.acknowledged('initialize', documentOf(start.state), signal);
    if (!start.runStartTdcProcedure) return;
    for (const values of tdcStartWrites(chipNames(targetPart(start.state)))) {
      await this.acknowledged('configure', new Map([['target', values]]), signal);
    }
  }

  async takeRun(run: StandRun, sink: RawSink, signal: AbortSignal): Promise<RunTaken> {
    const config = run.send === undefined ? new Map() : changesOf(run.send);
    const measuring = this.request('measure', config, signal);
    run.onStart?.();
    const reply = await measuring;
    if (reply.type !== 'data' || reply.bytes === undefined) throw this.unexpected('measure', reply);
    new EventSequence().check(reply.bytes.subarray(findFirstRecord(reply.bytes)));
    await sink.write(reply.bytes);
    return this.stand.network.fullReadback ? { chipState: await this.readChips(signal) } : {};
  }

  silence(patience?: number): Silence | undefined {
    return this.waits.silence(patience);
  }

  meet(signal: AbortSignal): Promise<void> {
    return this.channel.meet({ seconds: meetSeconds, signal });
  }

  async quiet(signal: AbortSignal): Promise<void> {
    await this.acquire(signal);
    await this.acknowledged('reset_target', undefined, signal);
    await this.acknowledged('release lock', undefined, signal);
    this.token = null;
    await this.stand.token.remove();
  }

  async close(): Promise<void> {
    this.channel.close();
  }

  /** Takes the lock, or takes it back where a former attempt on this computer left it. */
  private async acquire(signal: AbortSignal): Promise<void> {
    if (this.token !== null) return;
    const left = await this.stand.token.read();
    if (left !== undefined) await this.request('release lock', undefined, signal, left);
    const reply = await this.request('acquire lock', undefined, signal);
    if (reply.type !== 'lock' || reply.text === undefined) throw this.unexpected('acquire lock', reply);
    if (reply.text === 'None') {
      throw new DatenraffinerieError('BusyError', `${this.name} is locked by another client`, {
        remedy: 'wait until that client has ended, or restart the coordinator',
      });
    }
    this.token = reply.text;
    await this.stand.token.write(reply.text);
  }

  private async readChips(signal: AbortSignal): Promise<ConfigMap> {
    const reply = await this.request('read_target', undefined, signal);
    const value = parseYaml(reply.text ?? '', 'target_config');
    if (reply.type !== 'target_config' || !isMap(value)) throw this.unexpected('read_target', reply);
    return mapAt(value, 'target');
  }

  private async acknowledged(command: CoordinatorCommand, config: ConfigMap | undefined, signal: AbortSignal) {
    const reply = await this.request(command, config, signal);
    if (reply.type !== 'ack') throw this.unexpected(command, reply);
  }

  private async request(
    command: CoordinatorCommand,
    config: ConfigMap | undefined,
    signal: AbortSignal,
    token = this.token,
  ): Promise<CoordinatorReply> {
    const text = config === undefined ? null : formatYaml(config);
    const message = encodeCoordinatorRequest({ command, token, config: text, readback: this.stand.network.readback });
    const [frame] = await this.channel.request(message, { seconds: this.stand.timeouts.run, signal });
    return parseCoordinatorReply(frame);
  }

  private unexpected(command: string, { type, text }: CoordinatorReply): DatenraffinerieError {
    if (type === 'access denied') {
      this.token = null;
      return new DatenraffinerieError('BusyError', `${this.name} denies '${command}': the lock is another client's`);
    }
    return new DatenraffinerieError(
      refusesConfiguration(text ?? '') ? 'RefusedError' : 'StandError',
      `${this.name} answers '${command}' with '${type}'${text === undefined ? '' : `: ${text}`}`,
    );
  }

  private get name(): string {
    return serviceText(this.address);
  }
}

/** The configuration as the coordinator reads it; it cannot do without a client part. */
function documentOf(state: ConfigMap): ConfigMap {
  return new Map<string, ConfigValue>([
    ['target', targetPart(state)],
    ['daq', daqPart(state)],
    ['client', clientPart(state)],
  ]);
}

/** Only what changed: an empty part would be configured for nothing. */
function changesOf(send: ConfigMap): ConfigMap {
  return new Map([...documentOf(send)].filter(([, part]) => isMap(part) && part.size > 0));
}
