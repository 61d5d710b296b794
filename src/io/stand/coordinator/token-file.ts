import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that holds the token of a lock as long as it is held. */
export class TokenFile {
  /** @param path undefined: the token is kept nowhere. */
  constructor(private readonly path: string | undefined) {}

  async read(): Promise<string | undefined> {
    if (this.path === undefined) return undefined;
    const text = await readFile(this.path, 'utf8').catch(() => '');
    return text === '' ? undefined : text;
  }

  async write(token: string): Promise<void> {
    if (this.path === undefined) return;
    await mkdir(dirname(this.path), { recursive: true });
    await writeFile(this.path, token, { mode: 0o600 });
  }

  async remove(): Promise<void> {
    if (this.path !== undefined) await rm(this.path, { force: true });
  }
}
