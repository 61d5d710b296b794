import { isRoot } from './roots.js';
import { isMap, type ConfigMap, type Key } from './value.js';

/** Something in a full configuration that nobody reads. */
export interface Stray {
  readonly path: readonly Key[];
  readonly message: string;
  readonly remedy: string;
  readonly severity: 'error' | 'warning';
}

/**
 * What of a full configuration would be passed over in silence: chips beside `target`, the level `sc` that some slow
 * controls put between a chip and its blocks, and roots that mean nothing. The registers of such chips would not be
 * written.
 */
export function strayRoots(state: ConfigMap): Stray[] {
  const strays: Stray[] = [];
  for (const [key, value] of state) {
    if (!isRoot(key)) strays.push(isChip(key, value) ? strayChip(key) : strayRoot(key, state));
  }
  const target = state.get('target');
  if (isMap(target))
    for (const [chip, value] of target) if (isMap(value) && value.has('sc')) strays.push(strayLevel(chip));
  return strays;
}

function isChip(key: Key, value: unknown): boolean {
  return /^roc/i.test(String(key)) || (value instanceof Map && value.has('sc'));
}

function strayChip(chip: Key): Stray {
  const message = `the chip '${String(chip)}' stands beside target: its registers would not be written`;
  return { path: [chip], message, remedy: `write target: {${String(chip)}: …}`, severity: 'error' };
}

function strayLevel(chip: Key): Stray {
  const message = `'target.${String(chip)}.sc': blocks stand directly below their chip: these registers would not be written`;
  return { path: ['target', chip, 'sc'], message, remedy: 'leave out the level sc', severity: 'error' };
}

function strayRoot(key: Key, state: ConfigMap): Stray {
  const isAnyKnown = [...state.keys()].some(isRoot);
  return {
    path: [key],
    message: `nothing reads '${String(key)}' in a full configuration`,
    remedy: 'its roots are target, daq, server and client',
    severity: isAnyKnown ? 'warning' : 'error',
  };
}
