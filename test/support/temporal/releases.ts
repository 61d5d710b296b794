import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { takeProcessLock } from '../../../src/io/processes/process-lock.js';
import { cacheFolder } from '../../../src/io/user.js';
import { root, temporaryFolder } from '../disk/folders.js';

/** The commits of the releases whose scans go on under today's code. */
const commits = { '2.0.0': '89fee2e59cb46c9a33a4b3598a0b32781f8be4c7' } as const;

export type Release = keyof typeof commits;

export function isRelease(version: string): version is Release {
  return Object.hasOwn(commits, version);
}

/** Why a release cannot be built here, undefined where it can: an archive or a shallow clone lacks its commit. */
export function releaseMissing(release: Release): string | undefined {
  const commit = commits[release];
  try {
    execFileSync('git', ['-C', root, 'cat-file', '-e', `${commit}^{commit}`], { stdio: 'pipe' });
    return undefined;
  } catch {
    return `no full clone: commit ${commit.slice(0, 7)}, release ${release}, is not in the history`;
  }
}

/**
 * A folder with a release as it was, built, from which its programs run; removed when the test file has ended. It is
 * built once, from the history, and kept in the user's cache.
 */
export async function releaseFolder(release: Release): Promise<string> {
  const kept = join(cacheFolder(), 'releases', commits[release]);
  const waiting = (holder: number | undefined): void =>
    console.log(`release ${release}: waits for ${holder === undefined ? 'another process' : `process ${holder}`}`);
  const lock = await takeProcessLock(`${kept}.lock`, waiting);
  try {
    if (!existsSync(join(kept, 'dist', 'built-from'))) extractAndBuild(release, kept); // the last that a build writes
    const folder = temporaryFolder();
    // a copy: each checkout has packages of its own, and Node looks for them where the code really lies
    for (const part of ['bin', 'dist', 'python', 'package.json']) {
      cpSync(join(kept, part), join(folder, part), { recursive: true });
    }
    symlinkSync(packagesFor(release, kept), join(folder, 'node_modules'));
    return folder;
  } finally {
    lock.release();
  }
}

function extractAndBuild(release: Release, folder: string): void {
  console.log(`release ${release}: built in ${folder}, once`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const archive = execFileSync('git', ['-C', root, 'archive', commits[release]], { maxBuffer: 1 << 28 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  const packages = packagesFor(release, folder);
  const own = join(folder, 'node_modules');
  if (packages !== own) symlinkSync(packages, own);
  execFileSync(process.execPath, ['scripts/build.js'], { cwd: folder, stdio: 'inherit' });
  if (packages !== own) rmSync(own);
}

/** Today's packages where they are those of the release, else its own, installed once. */
function packagesFor(release: Release, folder: string): string {
  const changed = changedPackages(readLock(folder), readLock(root));
  if (changed.length === 0) return join(root, 'node_modules');
  const own = join(folder, 'node_modules');
  if (!existsSync(join(own, '.package-lock.json'))) {
    console.log(`release ${release}: its packages are installed, as today's differ: ${changed.join(', ')}`);
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  }
  return own;
}

/** What package-lock.json says of the packages below `node_modules`. */
type Lock = Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;

function readLock(folder: string): Lock {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as { readonly packages: Lock };
  return lock.packages;
}

/** Packages of a release, but tools for developers, that are not there in the same version. */
export function changedPackages(release: Lock, today: Lock): string[] {
  const needed = Object.entries(release).filter(([path, { dev }]) => path !== '' && dev !== true);
  return needed.filter(([path, { version }]) => today[path]?.version !== version).map(([path]) => path);
}
