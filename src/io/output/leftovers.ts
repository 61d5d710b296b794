import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, statIfExists } from '../files.js';
import { proceduresIn } from './output-folder.js';
import { oldName, partialTablePath, supersededPath } from './paths.js';

/** Data that no longer count and are kept all the same. */
export interface Leftover {
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

/** What `--fresh` put aside, raw files that were measured again, tables of a part: for people to remove, if they want. */
export async function leftovers(output: string): Promise<Leftover[]> {
  const folders = (await proceduresIn(output)).map((name) => supersededPath(join(output, name)));
  const found: Leftover[] = [];
  for (const path of [join(output, oldName), ...folders]) {
    if (await exists(path)) found.push({ path, ...(await sizeOf(path)) });
  }
  return [...found.filter(({ files }) => files > 0), ...(await partialTables(output))];
}

async function partialTables(output: string): Promise<Leftover[]> {
  const tables = (await proceduresIn(output)).map((name) => partialTablePath(join(output, name)));
  const stats = await Promise.all(tables.map((path) => statIfExists(path)));
  return tables.flatMap((path, at) => (stats[at] === undefined ? [] : [{ path, files: 1, bytes: stats[at].size }]));
}

async function sizeOf(folder: string): Promise<Pick<Leftover, 'files' | 'bytes'>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let [files, bytes] = [0, 0];
  for (const entry of entries.filter((each) => !each.isDirectory())) {
    files++;
    bytes += (await lstat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  }
  return { files, bytes };
}
