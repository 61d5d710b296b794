import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import type { Command } from 'commander';
import { DatenraffinerieError } from '../../domain/errors.js';

/** What `up` and `worker` hand on to the workers of analyses. */
export interface AnalysisSetting {
  readonly analyses: readonly string[];
  readonly python: string;
}

/** Where workers look for the notification hook. */
export const notifyVariable = 'DATENRAFFINERIE_NOTIFY';

/** Declares `--analyses DIR` (repeatable) and `--python PATH`. */
export function addAnalysisOptions(command: Command): Command {
  return command
    .option('--analyses <dir>', "folder with users' analyses, repeatable (or DATENRAFFINERIE_ANALYSES)", collect, [])
    .option('--python <path>', 'interpreter of Python analyses (or DATENRAFFINERIE_PYTHON; default: python3)');
}

/** Declares `--notify HOOK`. */
export function addNotifyOption(command: Command): Command {
  return command.option(
    '--notify <hook>',
    'command or URL that is told of ends, failures and what waits (or DATENRAFFINERIE_NOTIFY)',
  );
}

/** The hook that is told, undefined where there is none. Throws `ConfigError` for an address that cannot be one. */
export function notifySetting(
  { notify }: { readonly notify?: string },
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const hook = notify ?? environment[notifyVariable];
  if (hook === undefined || hook.trim() === '') return undefined;
  if (!/^\w+:\/\//.test(hook)) return hook;
  const url = /^https?:/.test(hook) && URL.canParse(hook) ? new URL(hook) : null;
  const wish = 'DATENRAFFINERIE_NOTIFY or --notify'; // not its text: it may hold a key
  if (url === null) throw new DatenraffinerieError('ConfigError', `${wish} is neither a command nor an http(s) URL`);
  if (url.username === '' && url.password === '') return hook;
  throw new DatenraffinerieError('ConfigError', `the URL of ${wish} has a user's name or password in it`, {
    remedy: 'such a URL cannot be asked; use a command: curl --user …',
  });
}

/** For options that may be given several times. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** Options before environment; folders absolute. Throws `ConfigError` for a folder that does not exist. */
export function analysisSetting(
  options: { readonly analyses: readonly string[]; readonly python?: string },
  environment: NodeJS.ProcessEnv = process.env,
): AnalysisSetting {
  const listed = (environment['DATENRAFFINERIE_ANALYSES'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const analyses = (options.analyses.length > 0 ? options.analyses : listed).map((folder) => resolve(folder));
  const missing = analyses.find((folder) => !existsSync(folder));
  if (missing !== undefined) {
    throw new DatenraffinerieError('ConfigError', `the folder of analyses '${missing}' does not exist`, {
      remedy: 'check --analyses and DATENRAFFINERIE_ANALYSES',
    });
  }
  return { analyses, python: options.python ?? (environment['DATENRAFFINERIE_PYTHON'] || 'python3') };
}

const standName = /^[A-Za-z0-9-]+$/;

/** A stand's name as it becomes part of queue and workflow names. Throws `ConfigError`. */
export function checkStandName(name: string): string {
  if (standName.test(name)) return name;
  throw new DatenraffinerieError('ConfigError', `'${name}' is no name of a stand: only letters, digits and '-'`);
}
