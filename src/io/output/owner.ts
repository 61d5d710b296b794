import { realpath, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { DatenraffinerieError } from '../../domain/errors.js';
import { readJson } from '../checked-json.js';
import { isMissing, statIfExists, writeFileAtomic } from '../files.js';
import { userName } from '../user.js';
import { ownerName } from './paths.js';

const ownerSchema = z.object({
  workflowId: z.string(),
  /** First run of the scan's workflow: tells two scans with the same id apart. */
  firstRunId: z.string(),
  namespace: z.string(),
  started: z.string(),
  closed: z.string().optional(),
  /** Tells the namespaces of two servers apart; absent, as all below, from what 2.0.0 wrote. */
  namespaceId: z.string().optional(),
  /** Where the workflow worker ran, as whom. */
  host: z.string().optional(),
  user: z.string().optional(),
  /** Where the database of a server of our own lies; absent with another server. */
  data: z.string().optional(),
  /** The folder itself, as its host calls it: a copy of it elsewhere is nobody's. */
  output: z.string().optional(),
});

/** The scan that writes into an output folder. Its file's time is renewed for as long as it does. */
export type Owner = z.infer<typeof ownerSchema>;

/** Set by `up` for the workers that use its server. */
export const serverDataVariable = 'DATENRAFFINERIE_SERVER_DATA';

/** Who this process is, as an owner's record says it. */
export function ownPlace(environment: NodeJS.ProcessEnv = process.env): Pick<Owner, 'host' | 'user' | 'data'> {
  const data = environment[serverDataVariable];
  return { host: hostname(), user: userName(), ...(data ? { data } : {}) };
}

export async function readOwner(folder: string): Promise<Owner | undefined> {
  return readJson(join(folder, ownerName), ownerSchema);
}

export async function writeOwner(folder: string, owner: Owner): Promise<void> {
  await writeFileAtomic(join(folder, ownerName), `${JSON.stringify(owner, null, 2)}\n`);
}

/** When the owner last said that it lives, by the clock of the file's host: only its changes mean something. */
export async function ownersBeat(folder: string): Promise<number> {
  return (await stat(join(folder, ownerName))).mtimeMs;
}

/** Says that the owner lives. Throws where the folder is another's by now. */
export async function renewOwner(folder: string, firstRunId: string): Promise<void> {
  await checkOwner(folder, firstRunId);
  const now = new Date();
  await utimes(join(folder, ownerName), now, now).catch((error: unknown) => {
    if (!isMissing(error)) throw error; // somebody has removed it: the next scan writes it anew
  });
}

/** Whether the owner writes into another folder than this one, which was copied or restored from it. */
export async function isCopied({ host, output }: Owner, folder: string): Promise<boolean> {
  if (output === undefined || host !== hostname() || output === (await realpath(folder))) return false;
  const [original, here] = await Promise.all([statIfExists(output), statIfExists(folder)]);
  return original?.ino !== here?.ino || original?.dev !== here?.dev;
}

/** Throws where another scan has taken the folder: what two scans write into it would be mixed. */
export async function checkOwner(folder: string, firstRunId: string): Promise<void> {
  const owner = await readOwner(folder);
  if (owner === undefined || owner.firstRunId === firstRunId) return;
  throw new DatenraffinerieError('ConfigError', `${folder} was taken over by the scan '${owner.workflowId}'`, {
    remedy: 'this scan writes nothing more into it: abort it, or the other one and start this one again',
  });
}
