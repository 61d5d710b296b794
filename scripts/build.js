// Compiles src to dist and bundles the workflow code, so that workers start at once and all run the same bundle.
// Does nothing where dist is up to date, and puts a new dist in place by a rename: npm runs this at moments of its own
// (npm ci, the first npx), also while workers run from dist. With --check it only tells, by its exit code, whether dist
// is up to date.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const inputs = ['src', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.js'];

/** Of the names and contents of all files that decide what dist holds. */
function hashInputs() {
  const hash = createHash('sha256').update(process.version);
  for (const input of inputs) {
    for (const file of filesBelow(input)) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function filesBelow(input) {
  if (input.includes('.')) return [input];
  const entries = readdirSync(join(root, input), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return files.map((file) => file.slice(root.length)).sort();
}

function isUpToDate(hash) {
  const stamp = join(dist, 'built-from');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

/** Of the clone that is built; empty where it is none. Nothing that the clone configures is run. */
function commit() {
  if (!existsSync(join(root, '.git'))) return '';
  const git = (...words) =>
    execFileSync('git', ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', ...words], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', ...inputs) !== '';
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed ? '+' : ''}\n`;
  } catch {
    return ''; // no git, or not its owner's
  }
}

async function build(folder) {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const configuration = join(root, 'tsconfig.build.json');
  execFileSync(process.execPath, [compiler, '-p', configuration, '--outDir', folder], { stdio: 'inherit' });
  const workflowsPath = join(folder, 'workflows/index.js');
  if (!existsSync(workflowsPath)) return;
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  writeFileSync(join(folder, 'workflow-bundle.js'), code);
}

const hash = hashInputs();
if (process.argv.includes('--check')) process.exitCode = isUpToDate(hash) ? 0 : 1;
else if (!isUpToDate(hash)) {
  const folder = join(root, `.dist-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  try {
    await build(folder);
    writeFileSync(join(folder, 'built-from'), hash);
    writeFileSync(join(folder, 'commit'), commit());
    if (existsSync(dist)) renameSync(dist, `${folder}-replaced`);
    renameSync(folder, dist);
  } finally {
    for (const left of [folder, `${folder}-replaced`]) rmSync(left, { recursive: true, force: true });
  }
}
