import { hostname } from 'node:os';
import { softwareVersion } from '../io/software.js';

/** The four kinds of workers; the words of `datenraffinerie worker`. */
export const roles = ['workflow', 'daq', 'processing', 'analysis'] as const;
export type Role = (typeof roles)[number];

/** What a worker is told by its command line. */
export interface WorkerSetting {
  /** The stand that a daq worker drives. */
  readonly stand: string;
  /** Folders with the user's analyses, absolute, in the order of search. */
  readonly analyses: readonly string[];
  /** The interpreter that runs Python analyses. */
  readonly python: string;
  /** Command or URL that is told of what people should know; undefined where none is. */
  readonly notify: string | undefined;
}

/** What Temporal shows of a worker: `daq-<stand>@HOST#PID VERSION`. */
export function identity(name: string): string {
  return `${name}@${hostname()}#${process.pid} ${softwareVersion}`;
}

/** The version in a worker's identity; those before 2.1 say none. */
export function versionOf(identity: string): string {
  return /#\d+ (\S+)$/.exec(identity)?.[1] ?? 'before 2.1';
}
