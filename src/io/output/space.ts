import { eventsOf } from '../../domain/config/roots.js';
import { bytesText } from '../../domain/quantities.js';
import { expectedBytes } from '../../domain/plan/estimate.js';
import type { ScanPlan } from '../../domain/plan/plan.js';
import type { Manifest } from './manifest.js';
import { freeBytes } from './output-folder.js';
import { compareRuns } from './reuse.js';

/** What parts and tables take beside the raw data, with some margin. */
const share = 1.2;
/** Kept free for everybody else. */
const reserve = 64 << 20;
const linesSampled = 8;

/**
 * Compares free space with what the runs from `from` on that are still to be taken will need, by the size of runs
 * already measured, else as `plan` expects it. @returns why to wait, undefined where it suffices
 */
export async function spaceProblem(plan: ScanPlan, manifest: Manifest, from: number): Promise<string | undefined> {
  const perRun = share * (await bytesPerRun(plan, manifest, from));
  const free = await freeBytes(manifest.folder);
  if (free >= (plan.runs - from) * perRun + reserve) return undefined; // which saves looking at every run
  const needed = (await runsToTake(plan, manifest, from)) * perRun + reserve;
  if (free >= needed) return undefined;
  return `disk space: ${bytesText(needed)} are still to come, ${bytesText(free)} are free in ${manifest.folder}`;
}

async function runsToTake(plan: ScanPlan, manifest: Manifest, from: number): Promise<number> {
  let runs = 0;
  for await (const { why } of compareRuns(manifest, plan, { from })) if (why !== undefined) runs++;
  return runs;
}

async function bytesPerRun(plan: ScanPlan, manifest: Manifest, from: number): Promise<number> {
  let bytes = 0;
  let lines = 0;
  for (let run = from - 1; run >= 0 && lines < linesSampled && run > from - 100; run--) {
    const line = await manifest.line(run);
    if (line === undefined) continue;
    bytes += line.bytes;
    lines++;
  }
  if (lines > 0) return bytes / lines;
  const state = plan.state(from);
  return expectedBytes(state, eventsOf(state) ?? 0); // a guess would hold up scans that have room
}
