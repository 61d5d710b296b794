import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../checked-json.js';
import { readIfExists } from '../files.js';
import { failuresName } from './paths.js';

const failureSchema = z.object({
  /** First run id of the scan: another scan tries quarantined runs anew. */
  scan: z.string(),
  run: z.number().int(),
  key: z.string(),
  type: z.string(),
  message: z.string(),
  attempt: z.number(),
  at: z.string(),
});

/** One failed try at a run, a line of `failures.jsonl`. */
export type RunFailure = z.infer<typeof failureSchema>;

/** How many tries at a run fail before it is quarantined. */
export const triesPerRun = 3;

/** Failed tries of one scan, from `failures.jsonl` beside the manifest: they survive whatever dies. */
export class FailureLog {
  private readonly tries = new Map<number, { key: string; count: number; last: string }>();

  private constructor(
    private readonly path: string,
    private readonly scan: string,
  ) {}

  static async open(folder: string, scan: string): Promise<FailureLog> {
    const log = new FailureLog(join(folder, failuresName), scan);
    const text = (await readIfExists(log.path)) ?? '';
    for (const line of text.split('\n')) log.note(parseJson(line, failureSchema)); // a torn one: a try more or less
    return log;
  }

  async add(failure: Omit<RunFailure, 'scan'>): Promise<void> {
    const whole = { scan: this.scan, ...failure };
    await appendFile(this.path, `${JSON.stringify(whole)}\n`, { flush: true });
    this.note(whole);
  }

  /** The last failure of a run that has used up its tries. */
  quarantined(run: number, key: string): string | undefined {
    const tries = this.tries.get(run);
    return tries !== undefined && tries.key === key && tries.count >= triesPerRun ? tries.last : undefined;
  }

  /** Failed tries at the runs from `from` up to, but without, `to`. */
  triesIn(from: number, to: number): number {
    return [...this.tries].filter(([run]) => run >= from && run < to).reduce((sum, [, { count }]) => sum + count, 0);
  }

  /** Runs that have used up their tries. */
  quarantinedRuns(): number[] {
    return [...this.tries].filter(([, { count }]) => count >= triesPerRun).map(([run]) => run);
  }

  private note(failure: RunFailure | undefined): void {
    if (failure === undefined || failure.scan !== this.scan) return;
    const before = this.tries.get(failure.run);
    const count = before?.key === failure.key ? before.count + 1 : 1;
    this.tries.set(failure.run, { key: failure.key, count, last: failure.message });
  }
}
