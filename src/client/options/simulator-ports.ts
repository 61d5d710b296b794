import { InvalidArgumentError } from 'commander';
import { defaultPorts } from '../../domain/config/network/network.js';

type Services = keyof typeof defaultPorts;

/** The ports that services have on real stands. */
export const usualPorts: Readonly<Record<Services, number>> = defaultPorts;

/** Reads `0` (free ports) or `SERVICE=PORT,…`; services that are not named get free ports. */
export function readPorts(text: string): Partial<Record<Services, number>> {
  if (text === '0') return {};
  const ports: Partial<Record<Services, number>> = {};
  for (const part of text.split(',')) {
    const [, name, digits] = /^([A-Za-z]+)=(\d+)$/.exec(part) ?? [];
    const service = Object.keys(defaultPorts).find((known): known is Services => known === name);
    if (service === undefined || Number(digits) > 65535) {
      throw new InvalidArgumentError(`'${part}' is no SERVICE=PORT; services: ${Object.keys(defaultPorts).join(', ')}`);
    }
    ports[service] = Number(digits);
  }
  return ports;
}
