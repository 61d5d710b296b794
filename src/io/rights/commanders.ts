import type { Stats } from 'node:fs';
import { userName } from '../user.js';
import { entryOf } from './system-users.js';

/** Users beside ourselves and root whose commands are run: names or numbers, separated by commas. */
const variable = 'DATENRAFFINERIE_TRUSTED_USERS';
const groupMayWrite = 0o020;
const othersMayWrite = 0o002;

/**
 * Why a file that names commands must not have them run; undefined where it may. Its owner and everybody who can write
 * it could run anything as us.
 */
export async function whyNoCommands({
  uid,
  gid,
  mode,
}: Pick<Stats, 'uid' | 'gid' | 'mode'>): Promise<string | undefined> {
  if (process.getuid === undefined) return undefined; // no owners there
  const owner = await nameOf('passwd', uid);
  if (!(await commanders()).has(uid)) return `it belongs to ${owner ?? `user ${uid}`}, and ${userName()} runs it`;
  if ((mode & othersMayWrite) !== 0) return 'everybody can write it';
  if ((mode & groupMayWrite) !== 0 && !(await isPrivateGroup(gid, owner))) {
    return `all of the group ${(await nameOf('group', gid)) ?? gid} can write it`;
  }
  return undefined;
}

/** What to do about it. */
export function howToTrust(path: string): string {
  return `'chmod go-w ${path}', and let it belong to ${userName()}, root, or a user named in ${variable}`;
}

async function commanders(): Promise<ReadonlySet<number>> {
  const named = (process.env[variable] ?? '').split(',').map((name) => name.trim());
  const ids = await Promise.all(named.filter((name) => name !== '').map(idOf));
  return new Set([0, process.getuid?.() ?? 0, ...ids.filter((id) => id !== undefined)]);
}

/** Many systems give every user a group of his own, of the same name, and let it write. */
async function isPrivateGroup(gid: number, owner: string | undefined): Promise<boolean> {
  const [name, , , members] = await entryOf('group', String(gid));
  const others = (members ?? '').split(',').filter((member) => member !== '' && member !== owner);
  return owner !== undefined && name === owner && others.length === 0;
}

async function idOf(user: string): Promise<number | undefined> {
  if (/^\d+$/.test(user)) return Number(user);
  const [, , id] = await entryOf('passwd', user);
  return id === undefined ? undefined : Number(id);
}

async function nameOf(base: 'passwd' | 'group', id: number): Promise<string | undefined> {
  const [name] = await entryOf(base, String(id));
  return name;
}
