import { createHash } from 'node:crypto';
import { constants, open, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { readMain, type ConfigFile, type Configuration } from '../domain/config/configuration.js';
import type { Files } from '../domain/config/read-states.js';
import type { Source } from '../domain/config/source.js';
import { report } from '../domain/config/validate.js';
import { parseSource } from '../domain/config/yaml.js';
import { ConfigError, DatenraffinerieError, type Problem } from '../domain/errors.js';
import { bytesText } from '../domain/quantities.js';

/** A configuration of three chips has some 200 kB; files beyond this are none. */
const maxFileBytes = 16 * 1024 * 1024;

export interface ReadOptions {
  /** Folders outside of which no file is read; empty or missing: no limit. */
  readonly roots?: readonly string[];
}

/** Reads a main file and everything it names; throws ConfigError with all errors at once. */
export async function readConfiguration(mainFile: string, options: ReadOptions = {}): Promise<Configuration> {
  const problems: Problem[] = [];
  const files = new FileReader(problems, options.roots ?? []);
  const main = await files.open(mainFile);
  const context = { files, warned: new Set<string>(), calibrates: new Set<string>() };
  const { procedures, workflows } = await readMain(main, problems, context);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ConfigError(distinct(problems));
  return { mainFile, procedures, workflows, warnings: distinct(problems), files: files.known() };
}

/** One YAML file, with positions; throws ConfigError. */
export async function readSource(path: string, options: ReadOptions = {}): Promise<Source> {
  return new FileReader([], options.roots ?? []).open(path);
}

/** Two procedures that share a file have its findings twice. */
function distinct(problems: readonly Problem[]): Problem[] {
  const known = new Set<string>();
  return problems.filter((problem) => {
    const text = JSON.stringify(problem);
    if (known.has(text)) return false;
    known.add(text);
    return true;
  });
}

/** Reads every file once, however many procedures name it. */
class FileReader implements Files {
  private readonly sources = new Map<string, Promise<Source>>();
  private readonly digests = new Map<string, ConfigFile>();
  private readonly reported = new Set<string>();

  constructor(
    private readonly problems: Problem[],
    private readonly roots: readonly string[],
  ) {}

  known(): ConfigFile[] {
    return [...this.digests.values()];
  }

  async read(path: string, section: Parameters<Files['read']>[1], keys: Parameters<Files['read']>[2]) {
    const file = isAbsolute(path) ? path : join(dirname(section.source.file), path);
    try {
      return await this.open(file);
    } catch (error) {
      if (!(error instanceof DatenraffinerieError)) throw error;
      if (error instanceof ConfigError && !this.reported.has(file)) {
        this.problems.push(...error.problems);
        this.reported.add(file);
      } else if (!(error instanceof ConfigError)) {
        report(section, error.message, { keys, remedy: error.remedy });
      }
      return undefined;
    }
  }

  open(file: string): Promise<Source> {
    const path = resolve(file);
    const known = this.sources.get(path) ?? this.load(path, file);
    this.sources.set(path, known);
    return known;
  }

  private async load(path: string, shown: string): Promise<Source> {
    const bytes = await readRegularFile(path, shown, this.roots);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.digests.set(path, { path, sha256 });
    const source = parseSource(decode(bytes, shown), shown);
    this.problems.push(...source.warnings());
    return source;
  }
}

/** The file's bytes; refuses folders, devices, files that are too large or lie outside the allowed folders. */
async function readRegularFile(path: string, shown: string, roots: readonly string[]): Promise<Buffer> {
  try {
    await checkRoots(path, shown, roots);
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe must not block
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw new DatenraffinerieError('ConfigError', `cannot read ${shown}: it is no regular file`);
      if (stat.size > maxFileBytes) {
        const size = bytesText(stat.size);
        throw new DatenraffinerieError('ConfigError', `cannot read ${shown}: ${size} are too much for a configuration`);
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof DatenraffinerieError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new DatenraffinerieError('ConfigError', `cannot read ${shown}: ${reasons[code] ?? code}`, {
      remedy: `looked for ${path}`,
      cause: error,
    });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'no permission to read it',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  ERR_INVALID_ARG_VALUE: 'no valid file name',
};

async function checkRoots(path: string, shown: string, roots: readonly string[]): Promise<void> {
  if (roots.length === 0) return;
  const real = await realpath(path);
  const allowed = await Promise.all(roots.map((root) => realpath(root)));
  if (allowed.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep))) return;
  throw new DatenraffinerieError('ConfigError', `${shown} is outside the folders that may be read`, {
    remedy: `allowed: ${roots.join(', ')}`,
  });
}

function decode(bytes: Buffer, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DatenraffinerieError('ConfigError', `cannot read ${shown}: it is no UTF-8 text`, { cause: error });
  }
}
