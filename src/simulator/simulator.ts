/**
 * Room: stands without hardware: servers that speak the real protocols.
 * May use: domain/*, simulator/chip.
 */

import { BoardServices, type BoardOptions } from './board-services.js';
import type { BusyTime } from './busy-clock.js';
import { Coordinator } from './coordinator.js';
import { DaqClient } from './daq-client.js';
import { networkFile } from './network-file.js';
import { Service } from './sockets.js';

/** Ports of one simulated stand; in options 0 means a free one. */
export interface StandPorts {
  readonly slowControl: number;
  readonly daq: number;
  readonly data: number;
  readonly client: number;
  readonly coordinator: number;
}

export interface SimulatorOptions extends Partial<BoardOptions> {
  /** One entry per board; board n has the seed `seed + n`. */
  readonly ports?: readonly Partial<StandPorts>[];
}

export interface SimulatedStand {
  readonly name: string;
  readonly ports: StandPorts;
  /** Text of the network file that leads to this stand. */
  readonly networkFile: string;
  /** How long the board took data since the last call, by its own clock. */
  busyTime(): BusyTime;
}

export interface Simulator {
  readonly stands: readonly SimulatedStand[];
  close(): void;
}

const defaults: BoardOptions = {
  host: '127.0.0.1',
  seed: 1,
  chips: 3,
  layout: 'split',
  runSeconds: undefined,
  eventRate: 20_000,
  eventsPerMessage: 100,
  distinctEvents: Infinity,
  noise: 'run',
  alignTries: 0,
  faults: [],
  outageSeconds: 2,
  slowSeconds: 0.2,
};

/** Starts the services of one or several boards. */
export async function startSimulator({ ports = [{}], ...options }: SimulatorOptions = {}): Promise<Simulator> {
  const started: { readonly stand: SimulatedStand; close(): void }[] = [];
  const close = () => started.forEach((one) => one.close());
  try {
    for (const [index, wanted] of ports.entries()) {
      const board = { ...defaults, ...options };
      const name = ports.length === 1 ? 'simulator' : `simulator-${index + 1}`;
      started.push(await startStand(name, { ...board, seed: board.seed + index }, wanted));
    }
  } catch (error) {
    close();
    throw error;
  }
  return { stands: started.map(({ stand }) => stand), close };
}

async function startStand(
  name: string,
  options: BoardOptions,
  wanted: Partial<StandPorts>,
): Promise<{ readonly stand: SimulatedStand; close(): void }> {
  const board = new BoardServices(options);
  const client = new DaqClient();
  const coordinator = new Coordinator(board);
  const clientService = new Service(options.host, async (frames) => [await client.handle(frames)]);
  const coordinatorService = new Service(options.host, async ([frame]) => [await coordinator.handle(frame)]);
  const services = [board, client, clientService, coordinatorService];
  const close = () => services.forEach((service) => service.close());
  try {
    const { slowControl = 0, daq = 0, data = 0 } = wanted;
    const ports: StandPorts = {
      ...(await board.listen({ slowControl, daq, data })),
      client: await clientService.listen(wanted.client ?? 0),
      coordinator: await coordinatorService.listen(wanted.coordinator ?? 0),
    };
    const stand = {
      name,
      ports,
      networkFile: networkFile(name, options.host, ports),
      busyTime: () => board.clock.read(),
    };
    return { stand, close };
  } catch (error) {
    close();
    throw error;
  }
}
