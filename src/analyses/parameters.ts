import { DatenraffinerieError } from '../domain/errors.js';
import type { ConfigMap } from '../domain/config/value.js';

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
