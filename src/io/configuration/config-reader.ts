/**
 * Room: the user's files on disk, and what a scan makes of them: frozen procedures, calibrations laid on.
 * May use: domain/*, io, io/output, io/rights, io/stand, io/threads.
 */

import type { Stats } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { readMain, type ConfigFile, type Configuration } from '../../domain/config/reading/configuration.js';
import type { Files } from '../../domain/config/reading/read-states.js';
import type { Source } from '../../domain/config/yaml/source.js';
import { report } from '../../domain/config/yaml/validate.js';
import { parseSource } from '../../domain/config/yaml/yaml.js';
import { ConfigError, DatenraffinerieError, type Problem } from '../../domain/errors.js';
import { textSha256 } from '../files.js';
import { readConfigFile } from './config-file.js';

/**
 * Reads a main file and everything it names; throws ConfigError with all errors at once.
 * @param isOwn whether an analysis of that name is the user's own; parameters of those that ship are checked where it
 * is given. Workers do without: they make the analyses before the first run.
 */
export async function readConfiguration(
  mainFile: string,
  isOwn?: (analysis: string) => Promise<boolean>,
): Promise<Configuration> {
  const problems: Problem[] = [];
  const files = new FileReader(problems);
  const main = await files.open(mainFile);
  const context = { files, warned: new Set<string>(), calibrates: new Set<string>(), isOwn };
  const { procedures, workflows } = await readMain(main, problems, context);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ConfigError(distinct(problems));
  return { mainFile, procedures, workflows, warnings: distinct(problems), files: files.known() };
}

/** One YAML file, with positions; throws ConfigError. */
export async function readSource(path: string): Promise<Source> {
  return new FileReader([]).open(path);
}

/** The same, and what the system says of the very file that was read. */
export async function readOwnedSource(path: string): Promise<{ source: Source; stat: Stats | undefined }> {
  const files = new FileReader([]);
  return { source: await files.open(path), stat: files.statOf(path) };
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
  private readonly stats = new Map<string, Stats>();

  constructor(private readonly problems: Problem[]) {}

  known(): ConfigFile[] {
    return [...this.digests.values()];
  }

  statOf(file: string): Stats | undefined {
    return this.stats.get(resolve(file));
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
    const { bytes, stat } = await readConfigFile(path, shown);
    this.stats.set(path, stat);
    this.digests.set(path, { path, sha256: textSha256(bytes) });
    const source = parseSource(decode(bytes, shown), shown);
    this.problems.push(...source.warnings());
    return source;
  }
}

function decode(bytes: Buffer, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DatenraffinerieError('ConfigError', `cannot read ${shown}: it is no UTF-8 text`, { cause: error });
  }
}
