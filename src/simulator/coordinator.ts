import { randomUUID } from 'node:crypto';
import { isMap, type ConfigMap } from '../domain/config/value.js';
import { updateMap } from '../domain/config/overlay.js';
import { formatYaml, parseYaml } from '../domain/config/yaml/yaml.js';
import { daqPart, targetPart } from '../domain/daq/parts.js';
import { messageKind } from '../domain/daq/run-stream.js';
import {
  everythingDescribed,
  parseSlowControlReply,
  encodeSlowControlRequest,
  slowControlRequest,
  withNullLeaves,
  type SlowControlRequest,
} from '../domain/daq/slow-control.js';
import { findFirstRecord } from '../domain/hgcroc/archive-header.js';
import type { BoardServices } from './board-services.js';
import { parseCoordinatorRequest, encodeCoordinatorReply, type CoordinatorReply } from './coordinator-messages.js';

const ack: CoordinatorReply = { type: 'ack', content: null };

/** The coordinator of the Python tool in front of a board: one holder of the lock measures. */
export class Coordinator {
  private lock: string | undefined;
  private daq: ConfigMap | undefined;

  constructor(private readonly board: BoardServices) {}

  /** The reply to a request, both as BSON. */
  async handle(bytes: Uint8Array): Promise<Uint8Array> {
    try {
      return encodeCoordinatorReply(await this.answer(bytes));
    } catch (error) {
      const content = error instanceof Error ? error.message : String(error);
      return encodeCoordinatorReply({ type: 'error', content });
    }
  }

  private async answer(bytes: Uint8Array): Promise<CoordinatorReply> {
    const { command, token, config } = parseCoordinatorRequest(bytes);
    if (command === 'acquire lock') return this.acquire();
    if (command === 'shutdown') return ack;
    if (token === null || token !== this.lock) return { type: 'access denied', content: null };
    const values = config === null ? undefined : parseConfiguration(config);
    switch (command) {
      case 'release lock':
        this.lock = undefined;
        this.daq = undefined;
        return ack;
      case 'reset_target':
        this.slowControl(slowControlRequest('reset'));
        return ack;
      case 'read_target':
        return { type: 'target_config', content: formatYaml(new Map([['target', this.read(values)]])) };
      case 'initialize':
        this.slowControl(slowControlRequest('reset'));
        this.daq = daqPart(values ?? new Map());
        this.write(values);
        return ack;
      case 'configure':
        this.configure(values);
        return ack;
      case 'measure':
        this.configure(values);
        return { type: 'data', content: await this.measure() };
      default:
        throw new Error(`unknown command '${command}'`);
    }
  }

  private acquire(): CoordinatorReply {
    if (this.lock !== undefined) return { type: 'lock', content: 'None' };
    this.lock = randomUUID();
    return { type: 'lock', content: this.lock };
  }

  private configure(values: ConfigMap | undefined): void {
    if (this.daq === undefined) throw new Error('the coordinator must be initialized before measurements can be taken');
    this.daq = updateMap(this.daq, daqPart(values ?? new Map()));
    this.write(values);
  }

  private write(values: ConfigMap | undefined): void {
    const target = targetPart(values ?? new Map());
    if (target.size > 0) this.slowControl(slowControlRequest('set', target));
  }

  private read(values: ConfigMap | undefined): ConfigMap {
    const target = values === undefined ? new Map() : targetPart(values);
    const wanted =
      target.size > 0 ? withNullLeaves(target) : everythingDescribed(this.slowControl(slowControlRequest('describe')));
    return this.slowControl({ ...slowControlRequest('get', wanted), fromHardware: true });
  }

  private slowControl(request: SlowControlRequest): ConfigMap {
    const reply = parseSlowControlReply(this.board.slowControl.handle(encodeSlowControlRequest(request)));
    if (reply.status === 'error') throw new Error(`the slow-control server answers: ${reply.errmsg}`);
    return reply.args;
  }

  /** One run, as the raw file that the daq client would have written. */
  private async measure(): Promise<Uint8Array> {
    if (this.daq === undefined) throw new Error('the coordinator must be initialized before measurements can be taken');
    const pieces: Uint8Array[] = [];
    const end = await this.board.takeRun(this.daq, {
      async send(message) {
        if (typeof message === 'string' || messageKind(message) !== 'data') return;
        pieces.push(pieces.length === 0 ? message : message.subarray(findFirstRecord(message)));
      },
    });
    if (end !== 'taken') throw new Error(`data taking failed: the run was ended by '${end}'`);
    return Buffer.concat(pieces);
  }
}

function parseConfiguration(text: string): ConfigMap {
  const value = parseYaml(text, 'config');
  if (!isMap(value)) throw new Error('the configuration is no mapping');
  return value;
}
