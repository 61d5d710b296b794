import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeValue } from '../../domain/analysis/job.js';
import { parseOutputs } from '../../domain/analysis/outputs.js';
import type { AnalysisProcedure } from '../../domain/config/procedure.js';
import { runChild } from './child-process.js';
import { findAnalysis } from './find-module.js';
import { attemptIn, endAttempt } from './folder.js';

export interface TryOptions {
  /** Folders with users' analyses. */
  readonly folders: readonly string[];
  readonly python: string;
  readonly signal: AbortSignal;
}

/**
 * Makes an analysis with its parameters and asks for its outputs, without data: what a scan would end with after its
 * last run (an unknown name, a parameter that it refuses, a missing package) shows before the first one.
 * @throws DatenraffinerieError AnalysisError, ConfigError: what is wrong with it; `signal.reason`
 */
export async function tryAnalysis(
  { moduleName, parameters }: AnalysisProcedure,
  { folders, python, signal }: TryOptions,
): Promise<void> {
  const found = await findAnalysis(moduleName, folders);
  const folder = await mkdtemp(join(tmpdir(), 'datenraffinerie-try-'));
  const attempt = attemptIn(folder, join(folder, 'out'));
  const job = { path: found.path, name: found.name, inputs: [], mode: 'summary', onlyMake: true } as const;
  const files = { outputDir: attempt.output, reply: attempt.reply };
  try {
    const given = { ...job, ...files, parameters: encodeValue(parameters) };
    const reply = await runChild(found, given, attempt, { python, signal, timeLimit: Infinity });
    parseOutputs(reply.outputs);
  } finally {
    await endAttempt(attempt);
  }
}
