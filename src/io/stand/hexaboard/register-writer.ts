import { diffMap } from '../../../domain/config/overlay.js';
import type { ConfigMap } from '../../../domain/config/value.js';
import { withOwnChannels } from '../../../domain/daq/half-wise.js';
import { targetPart } from '../../../domain/daq/parts.js';
import type { StandRun } from '../../../domain/daq/stand.js';
import { encodeRegisters, type EncodedRegisters, type SlowControlClient } from './slow-control-client.js';

const nothing: ConfigMap = new Map();

/**
 * Writes the registers that change from run to run. What the next run needs can be written as soon as the data of the
 * one before are complete, while its end is still being confirmed.
 */
export class RegisterWriter {
  private next: { readonly state: ConfigMap; readonly registers: EncodedRegisters } | undefined;
  /** What the chips hold, as far as the run in hand goes. */
  private current: ConfigMap | undefined;
  /** Registers written ahead of their run. */
  private ahead: { readonly state: ConfigMap; readonly written: Promise<void> } | undefined;

  constructor(
    private readonly slowControl: SlowControlClient,
    private readonly readback: boolean,
  ) {}

  /** The run that will be taken after the one that is being taken. */
  prepare({ state }: StandRun): void {
    if (this.current === undefined) return;
    // what the caller thinks was written before may be older than the run in hand
    const changed = changes(diffMap(this.current, state), state);
    this.next = { state, registers: encodeRegisters(changed, this.readback) };
  }

  /** The run in hand takes no more data: the prepared run's registers may be written now, once. */
  writeAhead(signal: AbortSignal): void {
    const { next } = this;
    this.next = undefined;
    if (next === undefined) return;
    const written = this.slowControl.send(next.registers, signal);
    written.catch(() => undefined); // thrown where the run is to be taken
    this.ahead = { state: next.state, written };
  }

  /** Brings the chips to a run's registers. */
  async write(run: StandRun, signal: AbortSignal): Promise<void> {
    const ahead = this.ahead;
    this.next = this.ahead = undefined;
    this.current = run.state;
    await ahead?.written;
    if (ahead?.state === run.state) return;
    const send = ahead === undefined ? run.send : diffMap(ahead.state, run.state); // another run was prepared
    await this.slowControl.set(changes(send, run.state), this.readback, signal);
  }

  /** Forgets what was prepared, when nothing is being written any more. */
  async settle(): Promise<void> {
    const ahead = this.ahead;
    this.next = this.ahead = this.current = undefined;
    await ahead?.written.catch(() => undefined);
  }
}

function changes(send: ConfigMap | undefined, state: ConfigMap): ConfigMap {
  return send === undefined ? nothing : withOwnChannels(targetPart(send), targetPart(state));
}
