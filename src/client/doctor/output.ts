import { randomUUID } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesText, countText, durationText } from '../../domain/quantities.js';
import { flock, isUnsupported } from '../../io/processes/flock.js';
import { exists } from '../../io/files.js';
import { leftovers } from '../../io/output/leftovers.js';
import { freeBytes, lockedProcedures } from '../../io/output/output-folder.js';
import { readOwner } from '../../io/output/owner.js';
import { clockSlack, look, missing, note, ok, type Finding } from './finding.js';

/** An output folder: can it be written and locked, whose is it, what can go. */
export async function output(folder: string): Promise<Finding[]> {
  if (!(await exists(folder))) return [note('output', `${folder} does not exist yet`)];
  const found = await Promise.all([
    look('output', () => fileSystem(folder)),
    look('free space', async () => ok('free space', `${bytesText(await freeBytes(folder))} for ${folder}`)),
    look('owner', () => owner(folder)),
    look('in use', async () =>
      (await lockedProcedures(folder)).map(({ folder: at, holder }) => note('in use', `${at}: ${holder}`)),
    ),
    look('can go', async () =>
      (await leftovers(folder)).map(({ path, files, bytes }) =>
        note('can go', `${path}: ${countText(files, 'file')}, ${bytesText(bytes)}`, `rm -r '${path}'`),
      ),
    ),
  ]);
  return found.flat();
}

/** Made by a look itself, and gone after it. */
async function fileSystem(folder: string): Promise<Finding[]> {
  const path = join(folder, `.doctor-${randomUUID()}`);
  const file = await open(path, 'wx').catch((error: unknown) => String(error));
  if (typeof file === 'string')
    return [missing('output', `${folder} cannot be written: ${file}`, 'see rights and mounts')];
  try {
    const now = Date.now();
    await file.write('.');
    const ahead = ((await stat(path)).mtimeMs - now) / 1000;
    return [await locks(folder, file.fd), ...clock(folder, ahead)];
  } finally {
    await file.close();
    await rm(path);
  }
}

async function locks(folder: string, fd: number): Promise<Finding> {
  try {
    await flock(fd, 0);
    return ok('output', `${folder} can be written and locked`);
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    return note('output', `${folder} is on a file system without locks: two writers are told apart by records alone`);
  }
}

function clock(folder: string, ahead: number): Finding[] {
  if (Math.abs(ahead) < clockSlack) return [];
  const text = `the clock of ${folder} is ${durationText(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} ours`;
  return [note('clock', text, 'set both by NTP')];
}

async function owner(folder: string): Promise<Finding> {
  const found = await readOwner(folder);
  if (found === undefined) return ok('owner', 'none');
  const { workflowId, host = 'a host unknown', user = 'somebody', started, closed } = found;
  const text = `scan ${workflowId} of ${user} on ${host}, since ${started}`;
  return closed === undefined ? note('owner', `${text}, not closed`) : ok('owner', `${text}, closed ${closed}`);
}
