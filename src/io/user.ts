import { chmod, mkdir } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

const name = 'datenraffinerie';

/** Where things lie that can be had again: `$XDG_CACHE_HOME/datenraffinerie`, else `~/.cache/datenraffinerie`. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(base(environment['XDG_CACHE_HOME'], '.cache'), name);
}

/** Where the dev server's database lies: `$XDG_STATE_HOME/datenraffinerie`, else `~/.local/state/datenraffinerie`. */
export function stateFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(base(environment['XDG_STATE_HOME'], '.local/state'), name);
}

/** A folder of the user's state that others can neither list nor enter; made where it does not exist. */
export async function privateFolder(name: string): Promise<string> {
  const above = stateFolder();
  const folder = join(above, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(above, 0o700); // version 2.0.0 let others look in
  return folder;
}

/** The XDG rules: a relative path in these variables is to be ignored. */
function base(value: string | undefined, fallback: string): string {
  return value !== undefined && isAbsolute(value) ? value : join(homedir(), fallback);
}

/** Who runs this process, for people; in containers there are users without a name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? ''}`.trimEnd();
  }
}
