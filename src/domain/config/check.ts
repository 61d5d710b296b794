import { formatPath } from './overlay.js';
import { nearest } from './nearest.js';
import { registerRange, widerRegister } from './registers/registers.js';
import { adaptPath, isRoot, type RootLayout } from './roots.js';
import { isList, isMap, valueAt, type ConfigMap, type ConfigValue, type Key } from './value.js';

/** Something about a fragment that will not do; `path` is where, in the fragment as it was written. */
export interface Finding {
  readonly path: readonly Key[];
  /** `version`: right for another version of the chip. */
  readonly kind: 'unknown' | 'range' | 'version';
  readonly message: string;
  readonly remedy?: string;
}

/** At most so many findings of one fragment: whoever lays on the wrong file need not see each of its keys. */
const maxFindings = 20;

/**
 * Checks a fragment that is to be laid on the default: every key must exist there, every register's value must be in
 * its range. `hostname` and `port` inside `target` are no registers; users keep them there.
 */
export function checkFragment(fragment: ConfigMap, defaults: ConfigMap, layout: RootLayout): Finding[] {
  const findings: Finding[] = [];
  const visit = (value: ConfigValue, path: readonly Key[]): void => {
    if (findings.length >= maxFindings) return;
    const adapted = adaptPath(path, layout);
    if (isAddress(adapted)) return;
    if (path.length > 0 && !isContainerRoot(path, value) && valueAt(defaults, adapted) === undefined) {
      findings.push(unknownKey(path, adapted, defaults));
      return;
    }
    const wrong = rangeFinding(adapted, value) ?? kindFinding(path, value, valueAt(defaults, adapted));
    if (wrong !== undefined) findings.push({ ...wrong, path });
    if (isMap(value)) {
      for (const [key, member] of value) {
        if (path.length > 0 || key !== 'target' || !fits(member, defaults.get(key), 0)) visit(member, [...path, key]);
      }
    } else if (isList(value)) value.forEach((member, index) => isMap(member) && visit(member, [...path, index]));
  };
  visit(fragment, []);
  return findings;
}

/** Whether nothing is wrong with what is to be laid on `target`: a quick look at what is mostly right. */
function fits(value: ConfigValue, below: ConfigValue | undefined, depth: number, block?: Key, name?: Key): boolean {
  if (isMap(value)) {
    if (!isMap(below)) return false;
    for (const [key, member] of value)
      if (!fits(member, below.get(key), depth + 1, depth === 1 ? key : block, key)) return false;
    return true;
  }
  if (below === undefined || isMap(below) || isList(below)) return false;
  const range = depth === 4 ? registerRange(String(block), String(name)) : undefined;
  if (range === undefined) return !isList(value);
  return typeof value === 'number' && Number.isInteger(value) && value >= range.min && value <= range.max;
}

/** `daq`, `server` and `client` themselves may be missing from the default: what is below them is looked at. */
function isContainerRoot(path: readonly Key[], value: ConfigValue): boolean {
  if (!isMap(value)) return false;
  if (path.length === 1) return path[0] !== 'target' && isRoot(path[0]);
  return path.length === 2 && path[0] === 'daq' && (path[1] === 'server' || path[1] === 'client');
}

function isAddress(path: readonly Key[]): boolean {
  return path.length === 2 && path[0] === 'target' && (path[1] === 'hostname' || path[1] === 'port');
}

function unknownKey(path: readonly Key[], adapted: readonly Key[], defaults: ConfigMap): Finding {
  const key = adapted[adapted.length - 1];
  const parent = valueAt(defaults, adapted.slice(0, -1));
  const siblings = isMap(parent) ? [...parent.keys()] : [];
  return {
    path,
    kind: 'unknown',
    message: `the default configuration has no '${formatPath(path)}'`,
    ...remedyFor(key, adapted, siblings, defaults),
  };
}

function remedyFor(key: Key, path: readonly Key[], siblings: Key[], defaults: ConfigMap): { remedy?: string } {
  const parent = path.slice(0, -1);
  const target = defaults.get('target');
  if (path.length === 1 && isMap(target) && target.has(key)) return { remedy: `did you mean 'target.${String(key)}'?` };
  const twin = siblings.find((sibling) => String(sibling) === String(key));
  if (twin !== undefined)
    return { remedy: `the default has ${typeof twin} ${String(twin)} there, this is ${typeof key}` };
  const match = nearest(String(key), siblings.map(String));
  if (match !== undefined) return { remedy: `did you mean '${formatPath([...parent, match])}'?` };
  if (siblings.length === 0) return { remedy: 'check the path, or set allow_new_parameters: true' };
  const shown = siblings.slice(0, 10).map(String).join(', ');
  const where = parent.length === 0 ? 'it has' : `'${formatPath(parent)}' has`;
  return { remedy: `${where} ${shown}${siblings.length > 10 ? `, … (${siblings.length})` : ''}` };
}

/** A single value laid on a whole mapping would delete it; lists must be of one length. */
function kindFinding(
  path: readonly Key[],
  value: ConfigValue,
  below: ConfigValue | undefined,
): Omit<Finding, 'path'> | undefined {
  const place = `'${formatPath(path)}'`;
  if (isMap(below) && !isMap(value)) {
    const keys = [...below.keys()].slice(0, 5).map(String).join(', ');
    return {
      kind: 'range',
      message: `${place} is a mapping in the default configuration`,
      remedy: `name what is in it: ${keys}, …`,
    };
  }
  if (!isList(below) || !isList(value) || below.length === value.length) return undefined;
  const message = `${place} has ${value.length} elements, the list below it has ${below.length}`;
  return { kind: 'range', message, remedy: 'give as many elements as the default configuration has' };
}

/** A value outside its register: `target.<chip>.<block>.<index>.<parameter>`. */
function rangeFinding(path: readonly Key[], value: ConfigValue): Omit<Finding, 'path'> | undefined {
  if (path.length !== 5 || path[0] !== 'target') return undefined;
  const [block, parameter] = [String(path[2]), String(path[4])];
  const range = registerRange(block, parameter);
  if (range === undefined || typeof value === 'boolean') return undefined;
  const place = `'${formatPath(path)}'`;
  const remedy = `the register takes ${range.min} to ${range.max}`;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    const found =
      typeof value === 'number' ? String(value) : isMap(value) || isList(value) ? 'no number' : `'${value}'`;
    return { kind: 'range', message: `${place} must be a whole number, not ${found}`, remedy };
  }
  if (value >= range.min && value <= range.max) return undefined;
  const elsewhere = widerRegister(block, parameter);
  if (elsewhere !== undefined && value > range.max && value <= elsewhere.max) {
    const message = `${place} is ${value}: right for ${elsewhere.version} chips only`;
    return { kind: 'version', message, remedy: `${remedy}, that of ${elsewhere.version} chips 0 to ${elsewhere.max}` };
  }
  return { kind: 'range', message: `${place} is ${value}, outside its register`, remedy };
}
