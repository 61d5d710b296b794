import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Fields of an entry of the system's users or groups, wherever these are kept; none where it has no such entry. */
export async function entryOf(base: 'passwd' | 'group', key: string): Promise<(string | undefined)[]> {
  const [entry] = await entries(base, key);
  return entry ?? [];
}

/** People beside us who can log in on this machine, as far as the system lists them. */
export async function otherUsers(): Promise<string[]> {
  const users = (await entries('passwd')).map(([name = '', , id, , , , shell = '']) => ({
    name,
    id: Number(id),
    shell,
  }));
  const isOther = (id: number): boolean => id >= firstPerson && id < nobody && id !== process.getuid?.();
  return users.filter(({ id, shell }) => isOther(id) && !/(nologin|false)$/.test(shell)).map(({ name }) => name);
}

/** Numbers below are the system's own. */
const firstPerson = 1000;
const nobody = 65_534;

async function entries(base: string, ...keys: string[]): Promise<string[][]> {
  const { stdout } = await promisify(execFile)('getent', [base, ...keys]).catch(() => ({ stdout: '' }));
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => line.split(':'));
}
