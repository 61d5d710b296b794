import type { ConfigMap } from '../value.js';
import type { Network } from './network.js';

/** A network file as a scan keeps it: as it was read, its paths absolute. */
export function frozenNetwork(read: ConfigMap, network: Network): ConfigMap {
  return network.kind === 'recorded' ? new Map(read).set('folder', network.folder) : read;
}

/** Where the stand is, for people and for the records of its runs: `10.0.0.7:5555`, or the folder of recorded files. */
export function addressOf(network: Network): string {
  if (network.kind === 'recorded') return network.folder;
  const { hostname, port } = network.kind === 'coordinator' ? network.coordinator : network.slowControl;
  return `${hostname}:${port}`;
}
