import { DatenraffinerieError } from '../errors.js';
import type { Quality } from './interface.js';

/** Checks what an analysis says of its result's quality; undefined where it says nothing. */
export function parseQuality(value: unknown): Quality | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return { verdict: parseVerdict(value) };
  if (typeof value !== 'object' || !('verdict' in value)) return undefined; // any other return value means nothing
  const {
    reason,
    timeout,
    default: fallback,
  } = { reason: undefined, timeout: undefined, default: undefined, ...value };
  if (timeout !== undefined && timeout !== null && !(typeof timeout === 'number' && timeout > 0)) {
    throw wrong(`timeout ${JSON.stringify(timeout)}: seconds, greater than 0`);
  }
  if (fallback !== undefined && fallback !== null && fallback !== 'accept' && fallback !== 'reject') {
    throw wrong(`default ${JSON.stringify(fallback)}: 'accept' or 'reject'`);
  }
  return {
    verdict: parseVerdict(value.verdict),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof timeout === 'number' ? { timeout } : {}),
    ...(fallback === 'accept' || fallback === 'reject' ? { default: fallback } : {}),
  };
}

function parseVerdict(value: unknown): Quality['verdict'] {
  if (value === 'accept' || value === 'reject' || value === 'ask') return value;
  throw wrong(`verdict ${JSON.stringify(value)}: 'accept', 'reject' or 'ask'`);
}

function wrong(text: string): DatenraffinerieError {
  return new DatenraffinerieError('AnalysisError', `the analysis gives a wrong quality: ${text}`);
}
