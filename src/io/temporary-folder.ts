import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Runs `use` with a new folder in `parent`, which is made too, and removes the new folder afterwards in any case. */
export async function withTemporaryFolder<T>(
  parent: string,
  prefix: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, prefix));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
