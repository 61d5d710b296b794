import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import type { ScanPlan } from '../../domain/scan/plan.js';
import type { MergeTask } from '../../domain/scan/tasks.js';
import { FailureLog } from './failure-log.js';
import { readIfExists, writeFileAtomic } from '../files.js';
import { provenanceName } from './paths.js';
import { software } from '../software.js';

/** `provenance.json`: what would differ if the same data were processed again; the table holds the rest. */
export interface Provenance {
  readonly table: { readonly path: string; readonly sha256: string; readonly rows: number } | null;
  /** Hash of the keys of all parts: the table need not be made again while it is the same. */
  readonly parts: string;
  readonly runs: number;
  readonly measured: number;
  readonly quarantined: readonly { readonly run: number; readonly reason: string }[];
  readonly shortRuns: number;
  readonly corruptHalves: number;
  readonly attempts: number;
  readonly firstStart: string | null;
  readonly lastEnd: string | null;
  readonly [fact: string]: unknown;
}

/** A procedure's plan and the frozen text it was made of, which the table carries. */
interface MeasuredProcedure {
  readonly plan: ScanPlan;
  readonly text: string;
}

/** What is to be said of a table, gathered run by run in the order of the plan. */
export class ProvenanceRecord {
  private readonly hash = createHash('sha256');
  /** A byte a run: 1 where it was measured. */
  private readonly measured: Uint8Array;
  private readonly facts = new LineFacts();

  constructor(
    private readonly task: MergeTask,
    private readonly measurement: MeasuredProcedure,
  ) {
    this.measured = new Uint8Array(measurement.plan.runs);
  }

  /** A measured run and the key of its part. */
  add(line: ManifestLine, partKey: string): void {
    this.measured[line.run] = 1;
    this.hash.update(`${line.run} ${partKey}\n`);
    this.facts.add(line);
  }

  /** After the last run; once. `table` is still to be filled in. */
  async finish(): Promise<Provenance> {
    const { plan, text } = this.measurement;
    const { scan, stand, board, comment, operator, firstRunId, output } = this.task.context;
    const failures = await FailureLog.open(join(output, this.task.name), firstRunId);
    const about = { scan, firstRunId, workflowId: this.task.workflowId, stand, board, operator, comment };
    this.hash.update(JSON.stringify([stand, board, comment, software, text]));
    return {
      ...about,
      software,
      host: hostname(),
      table: null,
      parts: this.hash.digest('hex'),
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

/** What was written last; our own file. */
export async function readProvenance(folder: string): Promise<Provenance | undefined> {
  const text = await readIfExists(join(folder, provenanceName));
  return text === undefined ? undefined : (JSON.parse(text) as Provenance);
}
