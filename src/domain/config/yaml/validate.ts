import type * as z from 'zod/mini';
import type { Problem } from '../../errors.js';
import { suggestion } from '../nearest.js';
import type { Source } from './source.js';
import { isList, isMap, valueAt, type ConfigValue, type Key } from '../value.js';

type Issue = z.core.$ZodIssue;

/** Errors, and warnings, that are told of a configuration. */
const maxFindings = 200;

/** A part of a file that is looked at, and where findings about it go. */
export interface Section {
  readonly source: Source;
  readonly path: readonly Key[];
  readonly value: ConfigValue;
  readonly problems: Problem[];
  /** Present path → path as it stands in the file, where a field was read under an older name. */
  readonly renamed?: ReadonlyMap<string, readonly Key[]>;
}

/** Where a present path of the section stands in the file. */
function pathInFile(section: Section, keys: readonly Key[]): readonly Key[] {
  for (let length = keys.length; length > 0; length--) {
    const old = section.renamed?.get(keys.slice(0, length).join('.'));
    if (old !== undefined) return [...section.path, ...old, ...keys.slice(length)];
  }
  return [...section.path, ...keys];
}

/** The part of a section below `keys`; null where there is none. */
export function subsection(section: Section, ...keys: Key[]): Section {
  const { source, problems } = section;
  return { source, problems, path: pathInFile(section, keys), value: valueAt(section.value, keys) ?? null };
}

/** Adds a finding about the section (or about what is below it at `keys`). */
export function report(
  section: Section,
  message: string,
  options: {
    remedy?: string | undefined;
    keys?: readonly Key[];
    at?: 'key' | 'value';
    severity?: Problem['severity'];
  } = {},
): void {
  const { keys = [], at, severity = 'error', remedy } = options;
  const alike = section.problems.filter((problem) => problem.severity === severity).length;
  if (alike > maxFindings) return;
  if (alike === maxFindings) {
    section.problems.push({ severity, message: `more than ${maxFindings} findings: the others are not shown` });
    return;
  }
  section.problems.push(
    section.source.problem(pathInFile(section, keys), message, {
      ...(at === undefined ? {} : { at }),
      severity,
      ...(remedy === undefined ? {} : { remedy }),
    }),
  );
}

/**
 * Checks a section's shape and reports every finding in our words. Wrong parts are then left out, so that the rest can
 * still be looked at; undefined where nothing of use remains.
 */
export function validate<T extends z.ZodMiniType>(
  schema: T,
  section: Section,
  what: string,
  fields: readonly string[] = [],
): z.infer<T> | undefined {
  const value = plain(section.value);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) explain(issue, section, what, fields);
  for (const issue of result.error.issues) prune(value, issue);
  return schema.safeParse(value).data;
}

/** Takes what an issue is about out of the plain value. */
function prune(value: unknown, issue: Issue): void {
  const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  for (const path of paths) {
    let parent = value;
    for (const key of path.slice(0, -1)) parent = isObject(parent) ? parent[String(key)] : undefined;
    const last = path[path.length - 1];
    if (isObject(parent) && last !== undefined && !Array.isArray(parent)) delete parent[String(last)];
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function explain(issue: Issue, section: Section, what: string, fields: readonly string[]): void {
  const keys = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const place = keys.length === 0 ? what : `'${keys.join('.')}' of ${what}`;
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const remedy = suggestion(key, keys.length === 0 ? fields : fields.flatMap((field) => childName(field, keys)));
      report(section, `unknown field '${key}' in ${place}`, { keys: [...keys, key], at: 'key', remedy });
    }
    return;
  }
  const found = valueAt(plainConfig(section.value), keys);
  if (found === undefined && keys.length > 0) {
    const remedy = `${place} must be ${wanted(issue)}`;
    report(section, `${what} has no '${keys.join('.')}'`, { remedy, keys: keys.slice(0, -1), at: 'key' });
    return;
  }
  report(section, `${place} must be ${wanted(issue)}, not ${describe(found ?? null)}`, { keys });
}

/** Field lists hold nested fields as `system_settings.init`. */
function childName(field: string, keys: readonly Key[]): string[] {
  const prefix = `${keys.join('.')}.`;
  return field.startsWith(prefix) ? [field.slice(prefix.length)] : [];
}

/** What would have been right, in words. */
function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords[issue.expected] ?? `of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      if (issue.origin === 'string') return 'a text that is not empty';
      return issue.origin === 'array' ? 'a list with at least one element' : `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'invalid_format':
      return `of the form ${'pattern' in issue ? String(issue.pattern) : issue.format}`;
    case 'invalid_union':
      return (
        [
          ...new Set(
            issue.errors
              .flat()
              .filter((inner) => inner.path.length === 0)
              .map(wanted),
          ),
        ].join(' or ') || 'as documented'
      );
    default:
      return 'as documented';
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'empty',
};

/** A value in words, short enough for a message. */
export function describe(value: ConfigValue): string {
  if (isMap(value)) return 'a mapping';
  if (isList(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value === null) return 'empty';
  if (typeof value === 'string') return value.length > 60 ? `'${value.slice(0, 57)}...'` : `'${value}'`;
  return String(value);
}

/** The section as plain objects, for schemas. */
function plain(value: ConfigValue): unknown {
  if (isMap(value)) {
    const object: Record<string, unknown> = {};
    for (const [key, member] of value) {
      Object.defineProperty(object, String(key), {
        value: plain(member),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return object;
  }
  return isList(value) ? value.map(plain) : value;
}

/** The section with the keys' text, as schemas name them in their findings. */
function plainConfig(value: ConfigValue): ConfigValue {
  return isMap(value) ? new Map([...value].map(([key, member]) => [String(key), plainConfig(member)])) : value;
}

/** Unit and label, where given. */
export function labels(raw: { unit?: string | undefined; label?: string | undefined }): {
  unit?: string;
  label?: string;
} {
  return {
    ...(raw.unit === undefined ? {} : { unit: raw.unit }),
    ...(raw.label === undefined ? {} : { label: raw.label }),
  };
}

/** Names of a schema's fields, for suggestions. */
export function fieldsOf(schema: { shape: object }): string[] {
  return Object.keys(schema.shape);
}
