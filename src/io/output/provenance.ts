import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import type { ScanPlan } from '../../domain/plan/plan.js';
import type { MergeTask } from '../../domain/scan/tasks.js';
import { FailureLog } from './failure-log.js';
import { readJson } from '../checked-json.js';
import { writeFileAtomic } from '../files.js';
import { provenanceName } from './paths.js';
import { software } from '../software.js';

const provenanceSchema = z.object({
  scan: z.string(),
  firstRunId: z.string(),
  workflowId: z.string(),
  stand: z.string(),
  board: z.string().optional(),
  operator: z.string().optional(),
  comment: z.string().optional(),
  software: z.string(),
  host: z.string(),
  /** Null stands for a table per run. */
  table: z.object({ path: z.string(), sha256: z.string(), rows: z.number() }).nullable(),
  /** `TableKey` of the table. */
  parts: z.string(),
  runs: z.number(),
  quarantined: z.array(z.object({ run: z.number(), reason: z.string() })),
  failedTries: z.number(),
  measured: z.number(),
  shortRuns: z.number(),
  corruptHalves: z.number(),
  attempts: z.number(),
  firstStart: z.string().nullable(),
  lastEnd: z.string().nullable(),
});

/** `provenance.json`: what would differ if the same data were processed again; the table holds the rest. */
export type Provenance = z.infer<typeof provenanceSchema>;

/** A procedure's plan and the frozen text it was made of, which the table carries. */
interface MeasuredProcedure {
  readonly plan: ScanPlan;
  readonly text: string;
}

/** All that a table is made of, as a hash: while that is the same, it need not be made again. */
export class TableKey {
  private readonly hash = createHash('sha256');

  constructor(private readonly text: string) {}

  /** Runs in the order of the plan, each with the key of its part. */
  add(run: number, partKey: string): void {
    this.hash.update(`${run} ${partKey}\n`);
  }

  /** What the table says of itself is part of it. */
  with({ stand, board, comment, software }: Pick<Provenance, 'stand' | 'board' | 'comment' | 'software'>): string {
    const said = JSON.stringify([stand, board, comment, software, this.text]);
    return this.hash.copy().update(said).digest('hex');
  }

  /** Whether a table is made of this; which version of the software made it does not matter. */
  isOf(table: Provenance, now: Pick<Provenance, 'stand' | 'board' | 'comment'> = table): boolean {
    const { stand, board, comment } = now;
    return table.parts === this.with({ stand, board, comment, software: table.software });
  }
}

/** What is to be said of a table, gathered run by run in the order of the plan. */
export class ProvenanceRecord {
  readonly key: TableKey;
  /** A byte a run: 1 where it was measured. */
  private readonly measured: Uint8Array;
  private readonly facts = new LineFacts();

  constructor(
    private readonly task: MergeTask,
    private readonly measurement: MeasuredProcedure,
  ) {
    this.key = new TableKey(measurement.text);
    this.measured = new Uint8Array(measurement.plan.runs);
  }

  /** A measured run and the key of its part. */
  add(line: ManifestLine, partKey: string): void {
    this.measured[line.run] = 1;
    this.key.add(line.run, partKey);
    this.facts.add(line);
  }

  /** After the last run. `table` is still to be filled in. */
  async finish(): Promise<Provenance> {
    const { plan } = this.measurement;
    const { scan, stand, board, comment, operator, firstRunId, output } = this.task.context;
    const failures = await FailureLog.open(join(output, this.task.name), firstRunId);
    const about = { scan, firstRunId, workflowId: this.task.workflowId, stand, board, operator, comment };
    return {
      ...about,
      software,
      host: hostname(),
      table: null,
      parts: this.key.with({ stand, board, comment, software }),
      runs: plan.runs,
      quarantined: failures
        .quarantinedRuns()
        .filter((run) => this.measured[run] !== 1)
        .map((run) => ({ run, reason: failures.quarantined(run, plan.key(run)) ?? '' })),
      failedTries: failures.triesIn(0, plan.runs),
      ...this.facts.all(),
    };
  }
}

/** Sums over the manifest's lines. */
class LineFacts {
  private measured = 0;
  private shortRuns = 0;
  private corruptHalves = 0;
  private attempts = 0;
  private firstStart: string | null = null;
  private lastEnd: string | null = null;

  add(line: ManifestLine): void {
    this.measured++;
    if (line.short === true) this.shortRuns++;
    this.corruptHalves += line.corruptHalves;
    this.attempts = Math.max(this.attempts, line.attempt);
    if (this.firstStart === null || line.start < this.firstStart) this.firstStart = line.start;
    if (this.lastEnd === null || line.end > this.lastEnd) this.lastEnd = line.end;
  }

  all() {
    const { measured, shortRuns, corruptHalves, attempts, firstStart, lastEnd } = this;
    return { measured, shortRuns, corruptHalves, attempts, firstStart, lastEnd };
  }
}

export function writeProvenance(folder: string, provenance: Provenance): Promise<void> {
  return writeFileAtomic(join(folder, provenanceName), `${JSON.stringify(provenance, null, 2)}\n`);
}

/** What was written last; undefined where that is nothing, or nothing of ours. */
export function readProvenance(folder: string): Promise<Provenance | undefined> {
  return readJson(join(folder, provenanceName), provenanceSchema);
}
