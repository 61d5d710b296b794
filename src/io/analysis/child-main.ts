import { readFile } from 'node:fs/promises';
import { DatenraffinerieError } from '../../domain/errors.js';
import { decodeMap, noRoomForReply, type AnalysisJob, type AnalysisReply } from '../../domain/analysis/job.js';
import { hasCode, writeFileAtomic } from '../files.js';
import { TableFile } from '../hdf5/read-table.js';
import { makeContext } from './context.js';
import { loadModule } from './load-module.js';

/** Program of the child process that runs an analysis written in JavaScript or TypeScript; its argument is the job. */
async function main(jobFile: string): Promise<void> {
  const job = parseJob(await readFile(jobFile, 'utf8'));
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort(new Error('the analysis was cancelled')));
  process.stderr.on('error', () => undefined); // a full disk: the reply tells
  let reply: string;
  let code = 0;
  try {
    reply = JSON.stringify(await run(job, stop.signal));
  } catch (error) {
    // where in the code it was helps only with errors that nobody has foreseen
    const unforeseen = error instanceof Error && !(error instanceof DatenraffinerieError);
    process.stderr.write(`${unforeseen ? (error.stack ?? error.message) : String(error)}\n`);
    reply = JSON.stringify({ error: describe(error) } satisfies AnalysisReply);
    code = 1;
  }
  code = await answer(job.reply, reply, code);
  process.exit(code); // a timer or socket that an analysis left open must not keep us here
}

/** The exit code: another one where the disk is too full for a reply. */
async function answer(path: string, reply: string, code: number): Promise<number> {
  try {
    await writeFileAtomic(path, reply);
    return code;
  } catch (error) {
    if (hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')) return noRoomForReply;
    throw error;
  }
}

async function run(job: AnalysisJob, signal: AbortSignal): Promise<AnalysisReply> {
  const parameters = decodeMap(job.parameters);
  const analysis = await loadModule(job.path, job.name, parameters);
  const outputs = analysis.output();
  if (job.onlyMake === true) return { outputs };
  const tables = await Promise.all(job.inputs.map((path) => TableFile.open(path)));
  try {
    const quality = await analysis.run(tables, makeContext(job.outputDir, job.mode, parameters, signal));
    return { outputs, quality };
  } finally {
    for (const table of tables) table.close();
  }
}

function describe(error: unknown): NonNullable<AnalysisReply['error']> {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof DatenraffinerieError ? error.remedy : undefined;
  return remedy === undefined ? { message } : { message, remedy };
}

/** The job was written by the parent of the same version: its form needs no check. */
function parseJob(text: string): AnalysisJob {
  const job: AnalysisJob = JSON.parse(text);
  return job;
}

await main(process.argv[2]);
