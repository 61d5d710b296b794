import { nest, updateMap } from '../../domain/config/overlay.js';
import { isMap, valueAt, type ConfigMap, type Key } from '../../domain/config/value.js';
import { parseYaml } from '../../domain/config/yaml/yaml.js';
import { targetPart } from '../../domain/daq/parts.js';
import { everythingDescribed } from '../../domain/daq/slow-control.js';
import { usualStand } from '../../domain/scan/scan-input.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { BoardLock } from '../../io/stand/locks/board-lock.js';
import { readSource } from '../../io/configuration/config-reader.js';
import { isMissing } from '../../io/files.js';
import { readNetwork } from '../../io/configuration/network-reader.js';
import { SlowControlClient } from '../../io/stand/hexaboard/slow-control-client.js';
import { ServiceWaits } from '../../io/stand/link/service-waits.js';
import { usualTimeouts } from '../../io/stand/link/stand-timeouts.js';
import { checkStandName } from '../options/worker-options.js';
import type { StandWish } from './bench-lease.js';
import { takeStand } from './take-stand.js';

/** Which stand a tool at the bench works on, and how it wants it. */
export interface BenchStand extends Omit<StandWish, 'what'> {
  readonly network: string;
  readonly stand?: string;
}

/** Something to be done with the chips; ends when `signal` is aborted. */
export type BenchAct<T> = (slowControl: SlowControlClient, signal: AbortSignal) => Promise<T>;

/**
 * Opens the slow control of a stand while no scan and no other process has it, does something, and lets go of both, also
 * where `signal` is aborted.
 */
export async function withSlowControl<T>(
  { network: file, stand, ...wish }: BenchStand,
  what: string,
  signal: AbortSignal,
  act: BenchAct<T>,
): Promise<T> {
  const network = await readNetwork(file);
  if (network.kind !== 'hexaboard') {
    throw new DatenraffinerieError(
      'ConfigError',
      `${file}: a stand of kind ${network.kind} has no slow control of its own`,
    );
  }
  const name = checkStandName(stand ?? network.name ?? usualStand);
  const address = { service: 'slow-control server', ...network.slowControl };
  const seconds = network.timeouts?.slowControl ?? usualTimeouts.slowControl;
  const warn = (text: string): void => void process.stderr.write(`${text}\n`);
  return takeStand(name, { ...wish, what }, { signal, warn }, async () => {
    const board = await BoardLock.take(network.slowControl, signal);
    const slowControl = new SlowControlClient(address, seconds, new ServiceWaits());
    try {
      return await act(slowControl, signal);
    } finally {
      slowControl.close();
      await board.release();
    }
  });
}

/** What to `get` for registers such as `roc_s0.ch.10` (all below it); everything where none is named. */
export function registersToRead(description: ConfigMap, names: readonly string[]): ConfigMap {
  const everything = everythingDescribed(description);
  if (names.length === 0) return everything;
  let wanted: ConfigMap = new Map();
  for (const name of names) {
    const path = registerPath(name);
    const found = valueAt(everything, path);
    if (found === undefined) {
      throw new DatenraffinerieError('ConfigError', `the board has no register '${name}'`, {
        remedy: 'datenraffinerie stand describe tells what it has',
      });
    }
    wanted = updateMap(wanted, nest(path, found));
  }
  return wanted;
}

/** Registers to write, from `REGISTER=VALUE` and YAML files (their target part, or all of them). */
export async function registersToWrite(parts: readonly string[]): Promise<ConfigMap> {
  let values: ConfigMap = new Map();
  for (const part of parts) {
    const [, name, text] = /^([\w.]+)=(.*)$/.exec(part) ?? [];
    const value = name === undefined ? await readValues(part) : nestedValue(name, text);
    values = updateMap(values, value);
  }
  return values;
}

function nestedValue(name: string, text: string): ConfigMap {
  const value = nest(registerPath(name), parseYaml(text, name));
  return isMap(value) ? value : new Map();
}

async function readValues(file: string): Promise<ConfigMap> {
  const { value } = await readSource(file).catch((cause: unknown) => {
    if (!(cause instanceof DatenraffinerieError && isMissing(cause.cause))) throw cause;
    throw new DatenraffinerieError('ConfigError', `'${file}' is neither REGISTER=VALUE nor a file that is there`, {
      remedy: 'for example roc_s0.Top.0.phase_strobe=3, or a YAML file',
      cause,
    });
  });
  if (!isMap(value)) throw new DatenraffinerieError('ConfigError', `${file}: it holds no mapping of registers`);
  return value.has('target') ? targetPart(value) : value;
}

function registerPath(name: string): readonly Key[] {
  return name.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
}
