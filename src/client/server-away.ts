import { setTimeout as delay } from 'node:timers/promises';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { DatenraffinerieError } from '../domain/errors.js';

/** Codes of gRPC. */
const codes = { deadlineExceeded: 4, failedPrecondition: 9, unavailable: 14 } as const;

/** How long one request may take before the server counts as away. */
const requestMs = 15_000;
const pauseMs = 1000;

/** Requests that a server answers at once, if at all. */
export function soon<T>(client: Client, ask: () => Promise<T>): Promise<T> {
  return client.withDeadline(Date.now() + requestMs, ask);
}

/** Whether an error, or what made it, says that no server answered. */
export function isServerAway(error: unknown): boolean {
  const code = grpcCode(error);
  return code === codes.unavailable || code === codes.deadlineExceeded;
}

/** What people should read where a request came to nothing; other errors as they are. */
export function fromServerFailure(error: unknown): unknown {
  if (isServerAway(error)) {
    return new DatenraffinerieError('ServerError', 'the Temporal server does not answer', {
      remedy: 'scans go on when it does again; datenraffinerie up starts one',
      cause: error,
    });
  }
  if (grpcCode(error) !== codes.failedPrecondition) return error;
  return new DatenraffinerieError('ServerError', 'no workflow worker answers: nobody can say how the scan is', {
    remedy: "start one with 'datenraffinerie worker workflow' or 'datenraffinerie up'",
    cause: error,
  });
}

function grpcCode(error: unknown): number | undefined {
  for (let here = error; here instanceof Error; here = here.cause) if (isGrpcServiceError(here)) return here.code;
  return undefined;
}

/**
 * Asks until a server answers, however long it is away.
 * @param stop nobody waits any more: then the last error is thrown
 * @param onAway told once for each time it is away
 */
export async function whenThere<T>(ask: () => Promise<T>, stop: AbortSignal, onAway: () => void): Promise<T> {
  for (let away = false; ; away = true) {
    try {
      return await ask();
    } catch (error) {
      if (!isServerAway(error) || stop.aborted) throw error;
      if (!away) onAway();
      await delay(pauseMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}
