import { suggestion } from '../config/nearest.js';
import { Float, isList, isMap, type ConfigMap, type TypedMap, type TypedValue } from '../config/value.js';
import { DatenraffinerieError } from '../errors.js';

/** What is known of a parameter of an analysis. */
export interface ParameterDeclaration {
  readonly type: 'number' | 'integer' | 'text' | 'boolean';
  readonly meaning: string;
  readonly unit?: string;
  /** Left out where there is none; what happens then is part of `meaning`. */
  readonly default?: number | string | boolean;
  /** The texts that are allowed; left out: any. */
  readonly choices?: readonly string[];
  /** Inclusive, of numbers. */
  readonly min?: number;
  readonly max?: number;
}

/** The parameters of an analysis by name. */
export type ParameterDeclarations = Readonly<Record<string, ParameterDeclaration>>;

/** What is wrong with a parameter that was given. */
export interface ParameterProblem {
  readonly name: string;
  readonly message: string;
  readonly remedy?: string;
}

type ValueOf<D extends ParameterDeclaration> = D['type'] extends 'text'
  ? string
  : D['type'] extends 'boolean'
    ? boolean
    : number;

/** Values by name; undefined where neither was given nor a default is declared. */
export type ParameterValues<D extends ParameterDeclarations> = {
  readonly [K in keyof D]: D[K] extends { readonly default: string | number | boolean }
    ? ValueOf<D[K]>
    : ValueOf<D[K]> | undefined;
};

/** All that is wrong with given parameters: names that nobody declares, other types, values out of range. */
export function parameterProblems(declared: ParameterDeclarations, given: TypedMap | ConfigMap): ParameterProblem[] {
  return [...given].flatMap(([key, value]) => problemOf(declared, String(key), value) ?? []);
}

/**
 * The values of an analysis' parameters; one that is null has its default.
 * @throws DatenraffinerieError ConfigError with the first thing that is wrong
 */
export function readParameters<D extends ParameterDeclarations>(declared: D, given: ConfigMap): ParameterValues<D> {
  const [problem] = parameterProblems(declared, given);
  if (problem !== undefined) {
    const { message, remedy } = problem;
    throw new DatenraffinerieError('ConfigError', message, remedy === undefined ? {} : { remedy });
  }
  const entries = Object.entries(declared).map(([name, { default: usual }]) => [name, given.get(name) ?? usual]);
  return Object.fromEntries(entries) as ParameterValues<D>; // every value was checked against its declaration
}

function problemOf(declared: ParameterDeclarations, name: string, value: TypedValue): ParameterProblem | undefined {
  const declaration = Object.hasOwn(declared, name) ? declared[name] : undefined;
  if (declaration === undefined) return unknownParameter(name, Object.keys(declared));
  if (value === null) return undefined;
  const plain = value instanceof Float ? value.value : value;
  if (!isOfType(plain, declaration.type)) return wrong(name, wanted[declaration.type], plain);
  const { min = -Infinity, max = Infinity, choices } = declaration;
  if (choices !== undefined && !choices.includes(String(plain))) return wrong(name, choices.join(' or '), plain);
  if (typeof plain !== 'number' || (plain >= min && plain <= max)) return undefined;
  return wrong(name, rangeText(declaration), plain);
}

function unknownParameter(name: string, known: readonly string[]): ParameterProblem {
  if (known.length === 0) return { name, message: `there is no parameter '${name}': it has none` };
  const remedy = suggestion(name, known);
  return { name, message: `there is no parameter '${name}'`, ...(remedy === undefined ? {} : { remedy }) };
}

const wanted = { number: 'a number', integer: 'an integer', text: 'a text', boolean: 'true or false' } as const;

function isOfType(value: TypedValue, type: ParameterDeclaration['type']): boolean {
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === (type === 'text' ? 'string' : 'boolean');
}

/** `0 to 1`, `at least 0`, with the unit. */
export function rangeText({ min, max, unit }: ParameterDeclaration): string {
  const behind = unit === undefined ? '' : ` ${unit}`;
  if (min !== undefined && max !== undefined) return `${min} to ${max}${behind}`;
  if (min !== undefined) return `at least ${min}${behind}`;
  return max === undefined ? '' : `at most ${max}${behind}`;
}

function wrong(name: string, expected: string, value: TypedValue): ParameterProblem {
  return { name, message: `parameter '${name}' must be ${expected}, not ${shown(value)}` };
}

function shown(value: TypedValue): string {
  if (isMap(value)) return 'a mapping';
  return isList(value) ? 'a list' : String(value instanceof Float ? value.value : value);
}
