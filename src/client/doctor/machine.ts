import { execFile } from 'node:child_process';
import { arch, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { bytesText } from '../../domain/quantities.js';
import { freeBytes } from '../../io/output/output-folder.js';
import { otherUsers } from '../../io/rights/system-users.js';
import { commit, software } from '../../io/software.js';
import { temporalCliHere } from '../../io/temporal/cli.js';
import { cacheFolder, stateFolder, userName } from '../../io/user.js';
import { exists } from '../../io/files.js';
import { analysisSetting } from '../options/worker-options.js';
import { look, missing, note, ok, type Finding } from './finding.js';

const run = promisify(execFile);
/** Of Node: the oldest that is tested. */
const oldestNode = 20;
const spareBytes = 5e9;

/** This computer, and what of other software is needed on it. */
export async function machine(): Promise<Finding[]> {
  const checks = [
    look('software', async () => ok('software', `${software}${commit === undefined ? '' : `, commit ${commit}`}`)),
    look('computer', async () =>
      ok('computer', `${process.platform} ${release()} ${arch()}, ${bytesText(totalmem())}, user ${userName()}`),
    ),
    look('Node', node),
    look('flock', locking),
    look('Temporal CLI', temporal),
    look('Python', python),
    look('other users', others),
    ...[stateFolder(), cacheFolder()].map((folder) => look('free space', () => space(folder))),
  ];
  return (await Promise.all(checks)).flat();
}

async function node(): Promise<Finding> {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= oldestNode) return ok('Node', process.versions.node);
  return missing('Node', process.versions.node, `version ${oldestNode} or later is needed`);
}

async function locking(): Promise<Finding> {
  const found = await run('flock', ['--version']).catch(() => undefined);
  if (found !== undefined) return ok('flock', found.stdout.trim());
  return missing('flock', 'is not on PATH: stands cannot be locked', "install util-linux; macOS: 'brew install flock'");
}

async function temporal(): Promise<Finding> {
  const found = await temporalCliHere();
  if (found !== undefined) return ok('Temporal CLI', found);
  return missing('Temporal CLI', 'is not here', "'datenraffinerie setup' gets it; not needed for a server elsewhere");
}

const modules = ['numpy', 'pandas', 'tables', 'h5py', 'matplotlib'];
const script = `
import sys, importlib
print(sys.version.split()[0])
for name in ${JSON.stringify(modules)}:
    try: print(name, importlib.import_module(name).__version__)
    except Exception: print(name, "-")
`;

async function python(): Promise<Finding> {
  const { python: path } = analysisSetting({ analyses: [] });
  const found = await run(path, ['-c', script], { timeout: 60_000 }).catch(() => undefined);
  if (found === undefined) {
    return note(
      'Python',
      `${path} does not run: only needed for analyses in Python`,
      '--python or DATENRAFFINERIE_PYTHON',
    );
  }
  const [version, ...lines] = found.stdout.trim().split('\n');
  const absent = lines.filter((line) => line.endsWith(' -')).map((line) => line.slice(0, -2));
  const text = `${version} (${path}), ${lines.filter((line) => !line.endsWith(' -')).join(', ') || 'no packages'}`;
  return absent.length === 0 ? ok('Python', text) : note('Python', `${text}; without ${absent.join(', ')}`);
}

async function others(): Promise<Finding> {
  const names = await otherUsers();
  if (names.length === 0) return ok('other users', 'none that can log in');
  return note('other users', names.join(', '), "who reaches Temporal's port can start scans: docs/security.md");
}

async function space(folder: string): Promise<Finding> {
  const there = (await exists(folder)) ? folder : '/';
  const free = await freeBytes(there);
  const text = `${bytesText(free)} for ${folder}`;
  return free > spareBytes
    ? ok('free space', text)
    : note('free space', text, 'the database of a busy server needs more');
}
