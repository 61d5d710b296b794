import { ConfigError } from '../../errors.js';
import { bytesText } from '../../quantities.js';
import { overlay } from '../overlay.js';
import { columnValue } from './axis.js';
import type { AxisSpec } from '../procedure.js';
import { axisSchemas } from '../schema.js';
import { parseTemplate } from './template.js';
import { describe, fieldsOf, labels, report, validate, type Section } from '../yaml/validate.js';
import { isMap, valueAt, type ConfigMap, type ConfigValue } from '../value.js';
import { parseYaml } from '../yaml/yaml.js';

/** Every value of a template axis is rendered when the file is read; more values or more text would take too long. */
const maxRendered = 10_000;
const maxRenderedText = 8_000_000;

/** An axis whose values are patches themselves. */
export function readPatches(
  section: Section,
  values: readonly ConfigValue[] | undefined,
  fallbackName: string,
): AxisSpec | undefined {
  const raw = validate(axisSchemas.patches, section, 'an axis', [
    ...fieldsOf(axisSchemas.patches),
    'key',
    'template',
    'zip',
  ]);
  if (raw === undefined || values === undefined) return undefined;
  const field = raw.values === undefined ? 'range' : 'values';
  const patches = values.filter(isMap);
  if (patches.length < values.length) {
    const index = values.findIndex((value) => !isMap(value));
    const remedy = 'name the parameter with key: [...], or give a mapping for each value';
    report(section, `an axis without key needs mappings as values, not ${describe(values[index])}`, {
      keys: [field, index],
      remedy,
    });
    return undefined;
  }
  const name = raw.name ?? fallbackName;
  const points = patches.map((_, point) => point);
  return { kind: 'patch', name, ...labels(raw), patches, defaults: new Map(), values: points };
}

/** An axis whose patches a Jinja template makes from its values. */
export function readTemplate(
  section: Section,
  values: readonly ConfigValue[] | undefined,
  fallbackName: string,
): AxisSpec | undefined {
  const raw = validate(axisSchemas.template, section, 'an axis', fieldsOf(axisSchemas.template));
  if (raw === undefined || values === undefined) return undefined;
  if (values.length > maxRendered) {
    report(section, `a template axis has ${values.length} values, at most ${maxRendered} are possible`, {
      keys: ['template'],
    });
    return undefined;
  }
  const patches = renderAll(section, 'template', raw.template, values);
  const defaults = raw.default === undefined ? [] : renderAll(section, 'default', raw.default, values);
  if (patches === undefined || defaults === undefined) return undefined;
  return {
    kind: 'patch',
    name: raw.name ?? commonLeaf(patches, values) ?? fallbackName,
    ...labels(raw),
    patches,
    defaults: overlay(defaults),
    values: values.map(columnValue),
  };
}

function renderAll(
  section: Section,
  field: string,
  text: string,
  values: readonly ConfigValue[],
): ConfigMap[] | undefined {
  const patches: ConfigMap[] = [];
  try {
    const template = parseTemplate(text);
    let length = 0;
    for (const value of values) {
      const rendered = template.render({ value });
      length += rendered.length;
      if (length > maxRenderedText) return reportTooLong(section, field);
      patches.push(readPatch(rendered));
    }
    return patches;
  } catch (error) {
    const value = values[patches.length];
    const when = patches.length === 0 ? '' : ` for the value ${describe(value)}`;
    report(section, `the ${field}${when}: ${reason(error)}`, {
      keys: [field],
      remedy: 'templates are Jinja, with the one name `value`',
    });
    return undefined;
  }
}

function reason(error: unknown): string {
  if (error instanceof ConfigError) return `rendered, ${error.problems[0].message}`;
  return error instanceof Error ? error.message : String(error);
}

function reportTooLong(section: Section, field: string): undefined {
  const remedy = 'name the parameters with key: [...], lists standing for many: that has no limit';
  report(section, `the ${field} renders to more than ${bytesText(maxRenderedText)} for all values`, {
    keys: [field],
    remedy,
  });
}

function readPatch(text: string): ConfigMap {
  const patch = parseYaml(text, 'rendered template');
  if (patch === null) return new Map();
  if (!isMap(patch)) throw new Error(`it renders to ${describe(patch)}, a mapping is needed`);
  return patch;
}

/**
 * Name of the parameter that the template sets to the value itself, where it sets no other: a fitting name for the
 * axis. Undefined where the template does something else with the value.
 */
function commonLeaf(patches: readonly ConfigMap[], values: readonly ConfigValue[]): string | undefined {
  const paths = leafPaths(patches[0], []);
  const names = new Set(paths.map((path) => path[path.length - 1]));
  const sets = patches.every((patch, point) => paths.every((path) => Object.is(valueAt(patch, path), values[point])));
  return names.size === 1 && sets ? [...names][0] : undefined;
}

function leafPaths(value: ConfigValue, path: readonly string[]): string[][] {
  if (!isMap(value)) return [[...path]];
  return [...value].flatMap(([key, member]) => leafPaths(member, [...path, String(key)]));
}
