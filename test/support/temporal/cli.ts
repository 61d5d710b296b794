import { join } from 'node:path';
import { afterAll } from 'vitest';
import { spawnGuarded, type Ending } from '../../../src/io/processes/guarded-process.js';
import { root } from '../disk/folders.js';

export interface CliOptions {
  /** The folder whose build runs; default: the project's. */
  readonly build?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** A `datenraffinerie` process that is running; ended with the test file at the latest. */
export interface RunningCli {
  readonly pid: number;
  /** Lines so far. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly ended: Promise<Ending>;
  /** Resolves with the first line, earlier or later, on either stream, that matches; fails with all output. */
  waitForLine(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** To the process alone, not to its children. */
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, and after `graceMs` (30 s) SIGKILL to it and its group. */
  stop(graceMs?: number): Promise<Ending>;
}

const running = new Set<RunningCli>();

/** Starts the built command line as a user would. */
export function startCli(args: readonly string[], options: CliOptions = {}): RunningCli {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const watchers = new Set<(line: string) => void>();
  const keep = (lines: string[]) => (line: string) => {
    lines.push(line);
    for (const watcher of watchers) watcher(line);
  };
  const program = join(options.build ?? root, 'bin', 'datenraffinerie.js');
  const child = spawnGuarded(process.execPath, [program, ...args], {
    env: options.env ?? process.env,
    cwd: options.cwd ?? root,
    onLine: keep(stdout),
    onErrorLine: keep(stderr),
  });
  if (child.pid === undefined) throw new Error(`datenraffinerie ${args.join(' ')} could not be started`);
  const { pid, ended } = child;
  const cli: RunningCli = {
    pid,
    stdout,
    stderr,
    ended,
    waitForLine: (pattern, timeoutMs = 60_000) => waitForLine(cli, watchers, pattern, timeoutMs),
    signal: (signal) => void process.kill(pid, signal),
    stop: (graceMs = 30_000) => child.stop(graceMs),
  };
  running.add(cli);
  void ended.then(() => running.delete(cli));
  return cli;
}

/** Runs the built command line to its end. */
export async function runCli(
  args: readonly string[],
  options: CliOptions = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const cli = startCli(args, options);
  const { code } = await cli.ended;
  return { code, stdout: text(cli.stdout), stderr: text(cli.stderr) };
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function waitForLine(
  cli: RunningCli,
  watchers: Set<(line: string) => void>,
  pattern: RegExp,
  timeoutMs: number,
): Promise<RegExpMatchArray> {
  return new Promise((resolve, reject) => {
    const look = (line: string): void => {
      const match = pattern.exec(line);
      if (match !== null) finish(() => resolve(match));
    };
    const fail = (why: string): void =>
      finish(() => reject(new Error(`no line like ${pattern} (${why}):\n${text(cli.stdout)}${text(cli.stderr)}`)));
    const timer = setTimeout(() => fail(`${timeoutMs} ms`), timeoutMs);
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      watchers.delete(look);
      settle();
    };
    watchers.add(look);
    for (const line of [...cli.stdout, ...cli.stderr]) look(line);
    void cli.ended.then(({ code, signal }) => fail(`it ended with ${signal ?? code}`));
  });
}

afterAll(async () => {
  await Promise.all([...running].map((cli) => cli.stop()));
});
