import { join } from 'node:path';
import { durationText } from '../../domain/quantities.js';
import { spawnGuarded } from '../processes/guarded-process.js';
import type { FindOptions, Made } from './cli-source.js';
import { pinnedVersion } from './cli-version.js';

const versionFlag = `-X github.com/temporalio/cli/temporalcli.Version=${pinnedVersion}`;
const module = `github.com/temporalio/cli/cmd/temporal@v${pinnedVersion}`;
const reportEveryMs = 15_000;

/** Builds the CLI with `go install` into `folder`. It takes minutes, so progress is told every 15 s. */
export async function buildTemporalCli(folder: string, options: FindOptions): Promise<Made> {
  const environment = options.environment ?? process.env;
  const progress = { downloaded: 0, compiled: 0, last: [] as string[] };
  const begin = Date.now();
  const report = (): void => {
    const counts = `${progress.downloaded} modules fetched, ${progress.compiled} packages compiled`;
    options.log(`building the Temporal CLI: ${counts}, ${durationText((Date.now() - begin) / 1000)}`);
  };
  options.log(
    `building the Temporal CLI ${pinnedVersion} with Go: once, about 4 minutes; ` +
      "Go keeps about 3 GB in its caches ('go clean -cache -modcache' frees them afterwards)",
  );
  const timer = setInterval(report, reportEveryMs);
  const build = spawnGuarded('go', ['install', '-v', '-ldflags', `-s -w ${versionFlag}`, module], {
    cwd: folder, // outside any Go module of the user
    env: { ...environment, GOBIN: folder, GOOS: '', GOARCH: '', GOFLAGS: '-buildvcs=false' },
    onLine: (line) => count(line, progress),
  });
  const abort = (): void => build.kill();
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    const { code, error } = await build.ended;
    if (code === 0) return { path: join(folder, 'temporal') };
    if (error !== undefined || code === 127) return { reason: 'Go is not installed' };
    return { reason: `'go install ${module}' failed: ${progress.last.join(' | ')}` };
  } finally {
    clearInterval(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}

/** `go install -v` prints `go: downloading NAME VERSION` for a module, a package's path when it is compiled. */
function count(line: string, progress: { downloaded: number; compiled: number; last: string[] }): void {
  if (line.startsWith('go: downloading ')) progress.downloaded++;
  else if (/^[\w.~-]+(\/[\w.~-]+)*$/.test(line)) progress.compiled++;
  else progress.last = [...progress.last, line].slice(-3);
}
