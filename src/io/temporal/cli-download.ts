import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compiledProgram } from '../compiled.js';
import { spawnGuarded } from '../processes/guarded-process.js';
import type { FindOptions, Made } from './cli-source.js';
import { pinnedVersion } from './cli-version.js';

const deadlineMs = 60_000;

/**
 * Lets the SDK download the CLI into `folder`, in a process of its own: a download behind a firewall may hang, and the
 * SDK's cannot be interrupted.
 */
export async function downloadTemporalCli(folder: string, options: FindOptions): Promise<Made> {
  options.log(`downloading the Temporal CLI ${pinnedVersion} (at most ${deadlineMs / 1000} s)`);
  const lines: string[] = [];
  const script = compiledProgram('io/temporal/cli-download-process.js');
  const download = spawnGuarded(process.execPath, [script, folder, pinnedVersion], {
    onLine: (line) => lines.push(line),
    orphanSeconds: 0,
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    download.kill();
  }, deadlineMs);
  const abort = (): void => download.kill();
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    const { code } = await download.ended;
    const file = code === 0 ? readdirSync(folder)[0] : undefined;
    if (file !== undefined) return { path: join(folder, file) };
    const why = late ? `not finished after ${deadlineMs / 1000} s` : (lines.at(-1) ?? 'it ended without a word');
    return { reason: `the download of the Temporal CLI from temporal.download failed: ${why}` };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}
