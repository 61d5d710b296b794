import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIdentity } from '../dist/io/processes/process-identity.js';

/** Before a random part: folders of this process. */
export const folderPrefix = `datenraffinerie-chaos-${process.pid}-`;
/** In a folder that is to stay for somebody to look at. */
export const keptName = 'kept';

/** Takes away what runs that were killed have left: their disks in memory, folders and network namespaces. */
export function sweep(say) {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^datenraffinerie-chaos-(\d+)-/.exec(name)?.[1]);
    const folder = join(tmpdir(), name);
    if (!(pid > 0) || processIdentity(pid) !== undefined || existsSync(join(folder, keptName))) continue;
    quietly('umount', '--lazy', join(folder, 'disk'));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    say(`taken away: ${folder}, left by a run that was killed`);
  }
  for (const name of namespaces()) {
    const pid = Number(/^datenraffinerie-chaos-(\d+)$/.exec(name)?.[1]);
    if (!(pid > 0) || processIdentity(pid) !== undefined) continue;
    quietly('ip', 'netns', 'delete', name);
    say(`taken away: network namespace ${name}, left by a run that was killed`);
  }
}

function namespaces() {
  try {
    return readdirSync('/run/netns');
  } catch {
    return [];
  }
}

function quietly(command, ...words) {
  try {
    execFileSync(command, words, { stdio: 'ignore' });
  } catch {
    // it is gone, or was never there
  }
}
