import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../files.js';
import { privateFolder } from '../user.js';

/*
 * A copy that a scan keeps belongs to the worker that made it, whoever wrote the original. Which copies were made from
 * originals that had the right is kept where only this user can write.
 */

const kept = 'networks';

/** From now on a text with this sha256 counts as read from a file that may name commands. */
export async function rememberCopy(sha256: string): Promise<void> {
  const folder = await privateFolder(kept);
  await writeFile(join(folder, sha256), '', { mode: 0o600 });
}

export async function isKnownCopy(sha256: string): Promise<boolean> {
  return /^[0-9a-f]{64}$/.test(sha256) && exists(join(await privateFolder(kept), sha256));
}
