import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFolder } from './hdf5-input.js';
import { recordedFolder } from './raw-input.js';

export const name = 'unpack of the recorded files, whole process (CPU s per MB)';
export const goal = null;
export const better = 'lower';
export const skip = recordedFolder === undefined ? 'no recorded runs' : undefined;

const program = fileURLToPath(new URL('../bin/datenraffinerie.js', import.meta.url));

export async function run() {
  const files = readdirSync(recordedFolder)
    .filter((file) => file.endsWith('.raw'))
    .map((file) => join(recordedFolder, file));
  const megabytes = files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6;
  return withFolder((folder) => {
    const tries = Array.from({ length: 7 }, (_, i) => cpuSeconds([...files, '--output', join(folder, `${i}.h5`)]));
    return Math.min(...tries) / megabytes;
  });
}

/** CPU time of a whole `unpack` with its threads; the process tells it when it ends. */
function cpuSeconds(args) {
  const hook = `import { writeFileSync } from 'node:fs';
    import { isMainThread } from 'node:worker_threads';
    if (isMainThread) process.on('exit', () => writeFileSync(3, JSON.stringify(process.cpuUsage())));`;
  const preload = `data:text/javascript,${encodeURIComponent(hook)}`;
  const { status, stderr, output } = spawnSync(process.execPath, ['--import', preload, program, 'unpack', ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(stderr.toString());
  const { user, system } = JSON.parse(output[3].toString());
  return (user + system) / 1e6;
}
