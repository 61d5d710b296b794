import type { ConfigMap, ConfigValue, Key } from '../domain/config/value.js';
import { isMap, valueAt } from '../domain/config/value.js';
import { updateMap } from '../domain/config/overlay.js';
import {
  encodeSlowControlReply,
  parseSlowControlRequest,
  type SlowControlReply,
  type SlowControlRequest,
} from '../domain/daq/slow-control.js';
import { boardDescription, powerOnValue, registerProblem, spreadHalfWise } from './chip/registers.js';

/** The chips' registers behind the protocol of the slow-control server. */
export class SlowControlServer {
  /** Registers written since power-on, `{roc_s0: {block: {index: {parameter: value}}}}`; never changed in place. */
  registers: ConfigMap = new Map();
  /** Makes the next value read from hardware a wrong one. */
  misreadNext = false;

  constructor(private readonly chips: number) {}

  /** The reply to a request, both as text. */
  handle(text: string): string {
    let request: SlowControlRequest;
    try {
      request = parseSlowControlRequest(text);
    } catch (error) {
      const errmsg = `invalid request: ${error instanceof Error ? error.message : String(error)}`;
      return encodeSlowControlReply({ type: 'get', status: 'error', errmsg });
    }
    return encodeSlowControlReply(this.answer(request));
  }

  /** Registers as after power-on. */
  reset(): void {
    this.registers = new Map();
  }

  private answer(request: SlowControlRequest): SlowControlReply {
    const { type } = request;
    switch (type) {
      case 'set':
        return this.set(request.args);
      case 'get':
        return this.get(request);
      case 'describe':
        return { type, status: 'success', args: boardDescription(this.chips) };
      case 'reset':
        this.reset();
        return { type, status: 'success', args: new Map() };
      case 'stop':
        return { type, status: 'success', args: new Map() };
    }
  }

  /** Writes all or nothing: the first register that does not exist or does not take its value is the error. */
  private set(values: ConfigMap): SlowControlReply {
    for (const { path, value } of leaves(values)) {
      const problem = registerProblem(this.chips, path, value);
      if (problem !== undefined) return { type: 'set', status: 'error', errmsg: problem };
    }
    this.registers = updateMap(this.registers, spreadHalfWise(values));
    return { type: 'set', status: 'success', args: new Map() };
  }

  private get({ args, fromHardware }: SlowControlRequest): SlowControlReply {
    for (const { path } of leaves(args)) {
      const problem = registerProblem(this.chips, path, undefined);
      if (problem !== undefined) return { type: 'get', status: 'error', errmsg: problem };
    }
    const misread = fromHardware && this.misreadNext;
    if (misread) this.misreadNext = false;
    return { type: 'get', status: 'success', args: this.valuesOf(args, [], { misread }) };
  }

  private valuesOf(wanted: ConfigMap, path: readonly Key[], state: { misread: boolean }): ConfigMap {
    return new Map(
      [...wanted].map(([key, child]) => {
        const here = [...path, key];
        return [key, isMap(child) ? this.valuesOf(child, here, state) : this.value(here, state)];
      }),
    );
  }

  private value(path: readonly Key[], state: { misread: boolean }): ConfigValue {
    const [, block, , parameter] = path;
    const value = valueAt(this.registers, path) ?? powerOnValue(String(block), String(parameter));
    if (!state.misread || typeof value !== 'number') return value;
    state.misread = false;
    return value ^ 1;
  }
}

function leaves(values: ConfigMap, path: readonly Key[] = []): { path: readonly Key[]; value: ConfigValue }[] {
  return [...values].flatMap(([key, value]) => {
    const here = [...path, key];
    return isMap(value) ? leaves(value, here) : [{ path: here, value }];
  });
}
