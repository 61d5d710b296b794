import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { attemptPrefix, incompleteName, previousName, recordName, stderrName, stdoutName } from '../output/paths.js';

/** Where an attempt works before its results take their place. */
export interface Attempt {
  readonly folder: string;
  /** The output folder that the analysis sees. */
  readonly output: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly job: string;
  readonly reply: string;
}

/** A fresh folder beside `outputDir`, on the same file system; what killed attempts left behind is removed. */
export async function beginAttempt(outputDir: string): Promise<Attempt> {
  const parent = dirname(outputDir);
  const prefix = attemptPrefix(basename(outputDir));
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true });
  }
  const folder = await mkdtemp(join(parent, prefix));
  return attemptIn(folder, await makeOutput(folder, outputDir));
}

/** Its files in a folder that is there; `output` is the one that the analysis sees. */
export function attemptIn(folder: string, output: string): Attempt {
  const inside = (name: string): string => join(folder, name);
  return {
    folder,
    output,
    stdout: inside(stdoutName),
    stderr: inside(stderrName),
    job: inside('job.json'),
    reply: inside('reply.json'),
  };
}

/**
 * The output folder that the analysis sees: named like the procedure, beside links to all that lies beside the real one,
 * as with the Python tool, which let analyses write there.
 */
async function makeOutput(attempt: string, outputDir: string): Promise<string> {
  const stage = join(attempt, 'stage');
  const output = join(stage, basename(outputDir));
  await mkdir(output, { recursive: true });
  const parent = dirname(outputDir);
  for (const name of await readdir(parent)) {
    if (!name.startsWith('.') && name !== basename(outputDir)) await symlink(resolve(parent, name), join(stage, name));
  }
  return output;
}

/** The attempt's outputs and logs become `outputDir`; what was there before goes. */
export async function commitAttempt(attempt: Attempt, outputDir: string): Promise<void> {
  await copyLogs(attempt, attempt.output);
  const before = join(attempt.folder, 'before');
  if (existsSync(outputDir)) await rename(outputDir, before);
  await rename(attempt.output, outputDir);
  await endAttempt(attempt);
}

/**
 * A failed attempt leaves its logs in `outputDir`, what it had written in `incomplete/`, and the last good results in
 * `previous/`: results that are out of date must not be taken for new ones.
 */
export async function rejectAttempt(attempt: Attempt, outputDir: string): Promise<void> {
  const failed = join(attempt.folder, 'failed');
  await mkdir(failed);
  await copyLogs(attempt, failed);
  if ((await readdir(attempt.output)).length > 0) await rename(attempt.output, join(failed, incompleteName));
  if (existsSync(join(outputDir, recordName))) await rename(outputDir, join(failed, previousName));
  else if (existsSync(join(outputDir, previousName)))
    await rename(join(outputDir, previousName), join(failed, previousName));
  await rm(outputDir, { recursive: true, force: true });
  await rename(failed, outputDir);
  await endAttempt(attempt);
}

/** Removes what an attempt left; nothing of it is in `outputDir`. */
export async function endAttempt(attempt: Attempt): Promise<void> {
  await rm(attempt.folder, { recursive: true, force: true, maxRetries: 5 });
}

async function copyLogs(attempt: Attempt, folder: string): Promise<void> {
  await copyFile(attempt.stdout, join(folder, stdoutName));
  await copyFile(attempt.stderr, join(folder, stderrName));
}
