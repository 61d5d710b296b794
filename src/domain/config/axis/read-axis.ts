import { makeAxis } from './axis.js';
import { checkAxis, type CheckContext } from './check-axis.js';
import type { AxisSpec, Path } from '../procedure.js';
import { rangeValues } from './range.js';
import { isRoot } from '../roots.js';
import { axisSchemas, rangeSchema, type RawRange } from '../schema.js';
import { readPatches, readTemplate } from './read-patches.js';
import { describe, fieldsOf, labels, report, subsection, validate, type Section } from '../yaml/validate.js';
import { isList, isMap, type ConfigValue, type Key } from '../value.js';

/** Keys of one parameter may unfold to so many registers; more is a slip of the pen. */
const maxPaths = 100_000;

/** Reads one axis of a scan; undefined, with everything reported, where it is wrong. */
export function readAxis(section: Section, fallbackName: string, context: CheckContext): AxisSpec | undefined {
  const { value } = section;
  if (!isMap(value)) {
    report(section, `an axis must be a mapping, not ${describe(value)}`);
    return undefined;
  }
  if (value.has('zip')) return readZip(section, fallbackName, context);
  const before = section.problems.length;
  const values = readValues(section);
  const spec = value.has('template')
    ? readTemplate(section, values, fallbackName)
    : value.has('key') || value.has('keys')
      ? readKeyAxis(section, values)
      : readPatches(section, values, fallbackName);
  if (spec === undefined || section.problems.length > before) return undefined;
  checkAxis(section, spec, context);
  return spec;
}

function readKeyAxis(section: Section, values: readonly ConfigValue[] | undefined): AxisSpec | undefined {
  const raw = validate(axisSchemas.key, section, 'an axis', fieldsOf(axisSchemas.key));
  if (raw === undefined || values === undefined) return undefined;
  const keys = raw.keys ?? (raw.key === undefined ? [] : [raw.key]);
  if (raw.key !== undefined && raw.keys !== undefined) {
    report(section, 'an axis has `key` or `keys`, not both', { keys: ['keys'], at: 'key' });
    return undefined;
  }
  const paths: Path[] = [];
  for (const key of keys) {
    const count = key.reduce<number>((product, element) => product * (Array.isArray(element) ? element.length : 1), 1);
    if (count > maxPaths) {
      report(section, `the key stands for ${count} parameters, at most ${maxPaths} are possible`, { keys: ['key'] });
      return undefined;
    }
    paths.push(...expandKey(key));
  }
  if (paths.length === 0) {
    report(section, '`keys` is empty', { keys: ['keys'] });
    return undefined;
  }
  return { kind: 'key', name: raw.name ?? String(paths[0][paths[0].length - 1]), ...labels(raw), paths, values };
}

/** Every element that is a list stands for several keys at its depth; without a root, `target` is meant. */
export function expandKey(key: readonly (Key | readonly Key[])[]): Path[] {
  let paths: Path[] = [[]];
  for (const element of key) {
    const keys: readonly Key[] = isKeyList(element) ? element : [element];
    paths = paths.flatMap((path) => keys.map((next) => [...path, next]));
  }
  return paths.map((path) => (isRoot(path[0]) ? path : ['target', ...path]));
}

function isKeyList(element: Key | readonly Key[]): element is readonly Key[] {
  return Array.isArray(element);
}

function readZip(section: Section, fallbackName: string, context: CheckContext): AxisSpec | undefined {
  const raw = validate(axisSchemas.zip, section, 'an axis', fieldsOf(axisSchemas.zip));
  if (raw === undefined) return undefined;
  const sections = raw.zip.map((_, index) => subsection(section, 'zip', index));
  const members = sections.map((member, index) => readAxis(member, `${fallbackName}_${index + 1}`, context));
  if (!members.every((member) => member !== undefined)) return undefined;
  const lengths = members.map((member) => makeAxis(member).length);
  if (new Set(lengths).size > 1) {
    const remedy = 'parameters that move together need the same number of values';
    report(section, `the axes of a zip have ${lengths.join(', ')} values`, { keys: ['zip'], at: 'key', remedy });
    return undefined;
  }
  return { kind: 'zip', name: raw.name ?? members.map(({ name }) => name).join('_'), ...labels(raw), members };
}

/** The list of values, written out or as a range; both spellings of the field. */
function readValues(section: Section): readonly ConfigValue[] | undefined {
  const { value } = section;
  if (!isMap(value)) return undefined;
  const name = value.has('values') ? 'values' : 'range';
  const written = value.get(name);
  if (value.has('values') && value.has('range')) {
    report(section, 'an axis has `values` or `range`, not both', { keys: ['range'], at: 'key' });
    return undefined;
  }
  if (written === undefined) {
    const remedy = 'add values: [...] or values: {start, stop, step}';
    report(section, 'the axis has no values', { at: 'key', remedy });
    return undefined;
  }
  if (isList(written)) {
    if (written.length === 0) report(section, `'${name}' is an empty list`, { keys: [name] });
    return written.length === 0 ? undefined : written;
  }
  const range = validate(rangeSchema, subsection(section, name), `'${name}'`, fieldsOf(rangeSchema));
  return range === undefined ? undefined : expandRange(section, name, range);
}

function expandRange(section: Section, name: string, range: RawRange): number[] | undefined {
  try {
    return rangeValues(range);
  } catch (error) {
    report(section, `'${name}': ${error instanceof Error ? error.message : String(error)}`, { keys: [name] });
    return undefined;
  }
}
