import type { Network } from '../../domain/config/network/network.js';
import type { StandDriver } from '../../domain/daq/stand.js';
import type { ScanPlan } from '../../domain/plan/plan.js';
import { CoordinatorDriver } from './coordinator/coordinator.js';
import { HexaboardDriver } from './hexaboard/hexaboard.js';
import { usualTimeouts, type StandTimeouts } from './link/stand-timeouts.js';
import { RecordedDriver, requireRecordedFiles } from './recorded.js';
import { ReadingDriver, SlowReader } from './slow-readings.js';
import { TokenFile } from './coordinator/token-file.js';

export interface OpenStandOptions {
  readonly timeouts?: Partial<StandTimeouts>;
  /** Where the token of a coordinator's lock is kept, so that an attempt after a dead one gets the lock back. */
  readonly tokenFile?: string;
}

/** The driver that a network file asks for. Connects to nothing yet. */
export function openStand(network: Network, options: OpenStandOptions = {}): StandDriver {
  const stand = openKind(network, options);
  return network.slowReadings === undefined ? stand : new ReadingDriver(stand, new SlowReader(network.slowReadings));
}

function openKind(network: Network, options: OpenStandOptions): StandDriver {
  const timeouts = { ...usualTimeouts, ...network.timeouts, ...options.timeouts };
  switch (network.kind) {
    case 'recorded':
      return new RecordedDriver(network);
    case 'coordinator':
      return new CoordinatorDriver({ network, timeouts, token: new TokenFile(options.tokenFile) });
    case 'hexaboard':
      return new HexaboardDriver({ network, timeouts });
  }
}

/** What can be known to fail before the first run: throws a ConfigError where the stand cannot take a run of the plan. */
export async function checkStand(network: Network, plan: ScanPlan): Promise<void> {
  if (network.kind === 'recorded') await requireRecordedFiles(network, plan);
}
