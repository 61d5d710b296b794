import { DatenraffinerieError } from '../domain/errors.js';
import { suggestion } from '../domain/config/nearest.js';
import type { ConfigMap } from '../domain/config/value.js';

/**
 * Refuses parameters that an analysis does not know: a misspelt one would leave its default in force.
 * @throws DatenraffinerieError ConfigError with the name that may be meant
 */
export function requireKnown(parameters: ConfigMap, names: readonly string[]): void {
  const unknown = [...parameters.keys()].map(String).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const remedy = suggestion(unknown, names);
  throw new DatenraffinerieError(
    'ConfigError',
    names.length === 0 ? `there is no parameter '${unknown}': it has none` : `there is no parameter '${unknown}'`,
    remedy === undefined ? {} : { remedy },
  );
}

/** A number of the procedure's `parameters`, or `fallback` where it is not given. */
export function numberParameter(parameters: ConfigMap, name: string, fallback: number): number {
  const value = parameters.get(name);
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wrong(name, 'a number', value);
}

/** A text of the procedure's `parameters`, or `fallback` where it is not given. */
export function textParameter(parameters: ConfigMap, name: string, fallback: string): string {
  const value = parameters.get(name);
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'string') return value;
  throw wrong(name, 'a text', value);
}

function wrong(name: string, wanted: string, value: unknown): DatenraffinerieError {
  return new DatenraffinerieError('ConfigError', `parameter '${name}' must be ${wanted}, not ${String(value)}`);
}
