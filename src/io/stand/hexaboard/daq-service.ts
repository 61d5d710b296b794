import { encodeDaqCommand, usualStartTries, type DaqCommand } from '../../../domain/daq/daq-commands.js';
import type { ConfigMap } from '../../../domain/config/value.js';
import { DatenraffinerieError } from '../../../domain/errors.js';
import { pause } from '../link/deadline.js';
import type { ServiceWaits } from '../link/service-waits.js';
import { RequestChannel, serviceText, type Deadline, type ServiceAddress } from '../link/sockets.js';

/** Pause between two tries to start, while the links align. */
const startPause = 0.02;

/** Speaks to a daq server or a daq client: commands, and the state they are answered with. */
export class DaqService {
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

  /** The state after a command. */
  async command(command: DaqCommand, signal: AbortSignal, document?: ConfigMap): Promise<string> {
    const [frame] = await this.channel.request(encodeDaqCommand(command, document), { seconds: this.seconds, signal });
    return Buffer.from(frame).toString('utf8').trim();
  }

  /** A command that must lead to `state`: anything else rejects with a StandError. */
  async expect(command: DaqCommand, state: string, signal: AbortSignal, document?: ConfigMap): Promise<void> {
    const found = await this.command(command, signal, document);
    if (found !== state) throw this.wrongState(`after '${command}'`, found, state);
  }

  /** Starts a run: asks again while the links are not aligned, and rejects with a LinkError when they never are. */
  async start(signal: AbortSignal): Promise<void> {
    for (let tries = 0; tries < usualStartTries; tries++) {
      if (tries > 0) await pause(startPause, signal);
      const state = await this.command('start', signal);
      if (state === 'running') return;
      if (state !== 'configured') throw this.wrongState("after 'start'", state, 'running');
    }
    throw new DatenraffinerieError(
      'LinkError',
      `${serviceText(this.address)}: its links did not align in ${usualStartTries} tries to start`,
      { remedy: 'the board is reset and initialised again; if it stays, look at the elinks of the daq part' },
    );
  }

  /** Whatever it is doing: no run goes on afterwards. */
  async stopRun(signal: AbortSignal): Promise<void> {
    if ((await this.command('status', signal)) === 'running') await this.expect('stop', 'configured', signal);
  }

  wrongState(when: string, found: string, expected: string): DatenraffinerieError {
    return new DatenraffinerieError(
      'StandError',
      `${serviceText(this.address)} is in state '${found}' ${when}, not '${expected}'`,
    );
  }

  close(): void {
    this.channel.close();
  }
}
