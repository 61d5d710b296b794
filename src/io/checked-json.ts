import type { z } from 'zod';
import { hasCode, readIfExists, UnfitFile } from './files.js';

/** What a JSON text says; undefined where it is none (torn by a kill) or not of that form. */
export function parseJson<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What a JSON file says; undefined also where there is none, or a pipe, a device, a giant. */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readIfExists(path).catch((error: unknown) => {
    if (error instanceof UnfitFile || hasCode(error, 'EISDIR')) return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseJson(text, schema);
}
