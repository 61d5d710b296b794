import { execFile } from 'node:child_process';
import { isMissing } from '../files.js';

/** The version that is built or downloaded here; its dev server is 1.29.1. */
export const pinnedVersion = '1.5.1';
/** Older ones lack flags and server features that are used here. */
export const minimumVersion = '1.5.0';
/** To build it, as its go.mod says. */
export const minimumGo = '1.25';
const minimumServer = '1.29.0';

/** What a Temporal CLI says of itself, and whether it can be used. */
export type CliCheck =
  | { readonly usable: true; readonly version: string; readonly note?: string }
  | { readonly usable: false; readonly reason: string };

/** Runs `PATH --version` (at most 20 s: the first start of a large binary from a slow disk takes long). */
export function checkTemporalCli(path: string, signal?: AbortSignal): Promise<CliCheck> {
  return new Promise((resolve) => {
    execFile(path, ['--version'], { timeout: 20_000, signal }, (error, stdout) => {
      if (error === null) resolve(judge(stdout));
      else if (isMissing(error)) resolve({ usable: false, reason: 'there is no such file' });
      else resolve({ usable: false, reason: `it does not run (${firstLine(error.message)})` });
    });
  });
}

/** Reads `temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)`. */
export function judge(text: string): CliCheck {
  const version = /^temporal version (\d+\.\d+\.\d+\S*)/m.exec(text)?.[1];
  const server = /\(Server (\d+\.\d+\.\d+)/.exec(text)?.[1];
  if (version === undefined)
    return { usable: false, reason: `it answers '${firstLine(text)}', not a Temporal version` };
  if (version.startsWith('0.0.0')) return judgeUnversioned(version, server);
  if (compareVersions(version, minimumVersion) < 0) {
    return { usable: false, reason: `it is version ${version}, at least ${minimumVersion} is needed` };
  }
  return { usable: true, version };
}

/** Builds from source call themselves `0.0.0-DEV`; the version of the server inside them is a constant in the code. */
function judgeUnversioned(version: string, server: string | undefined): CliCheck {
  if (server !== undefined && compareVersions(server, minimumServer) >= 0) {
    return { usable: true, version, note: `a build without a version (${version}), taken for its server ${server}` };
  }
  const found = server === undefined ? 'names no server' : `has server ${server}`;
  return { usable: false, reason: `it is a build without a version (${version}) and ${found}` };
}

/** Negative where `a` is older than `b`; suffixes such as `-rc.1` do not count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.+-]/).slice(0, 3).map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]?.slice(0, 120) ?? '';
}
