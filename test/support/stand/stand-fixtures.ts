import type { ConfigMap } from '../../../src/domain/config/value.js';
import type { RawSink } from '../../../src/domain/daq/stand.js';
import type { HexaboardNetwork } from '../../../src/domain/config/network/network.js';
import type { HexaboardStand } from '../../../src/io/stand/hexaboard/hexaboard.js';
import { usualTimeouts } from '../../../src/io/stand/link/stand-timeouts.js';
import type { StandPorts } from '../../../src/simulator/simulator.js';
import { state } from '../plans/configurations.js';

/** The state of an injection run with one chip. */
export function injectionState(calib: number, events = 50): ConfigMap {
  return state({
    target: {
      roc_s0: {
        DigitalHalf: { 0: { CalibrationSC: 1 }, 1: { CalibrationSC: 1 } },
        ReferenceVoltage: { 0: { Calib: calib, IntCtest: 1 }, 1: { Calib: calib, IntCtest: 1 } },
        Top: { 0: { phase_strobe: 6 } },
        ch: { 10: { HighRange: 1 }, 50: { HighRange: 1 } },
      },
    },
    daq: { active_menu: 'calibAndL1A', menus: { calibAndL1A: { NEvents: events } } },
    client: { hw_type: 'LD' },
  });
}

/** A sink that keeps everything. */
export class MemorySink implements RawSink {
  private readonly pieces: Uint8Array[] = [];

  async write(bytes: Uint8Array): Promise<void> {
    this.pieces.push(Uint8Array.from(bytes));
  }

  get bytes(): Buffer {
    return Buffer.concat(this.pieces);
  }
}

/** The hexaboard driver's view of a simulated stand, with short deadlines. */
export function hexaboardStand(ports: StandPorts, changes: Partial<HexaboardNetwork> = {}): HexaboardStand {
  const at = (port: number) => ({ hostname: '127.0.0.1', port });
  const network: HexaboardNetwork = {
    kind: 'hexaboard',
    slowControl: at(ports.slowControl),
    daqServer: at(ports.daq),
    data: at(ports.data),
    client: at(ports.client),
    useClient: false,
    readback: false,
    fullReadback: false,
    ...changes,
  };
  return { network, timeouts: { ...usualTimeouts, command: 1, slowControl: 5, silence: 1 } };
}
