import { eventsOf } from '../../domain/config/roots.js';
import { bytesText } from '../../domain/quantities.js';
import type { ScanPlan } from '../../domain/scan/plan.js';
import type { Manifest } from './manifest.js';
import { freeBytes } from './output-folder.js';

/** Bytes of a record (one event of one chip) in a raw file, with its part of the table beside it. */
const bytesPerRecord = 450;
const chipsGuessed = 3;
/** Kept free for parts, tables and everybody else. */
const reserve = 64 << 20;
const linesSampled = 8;

/**
 * Compares free space with what the runs from `from` on will take, by the size of runs already measured, else by the
 * events asked for. @returns why to wait, undefined where it suffices
 */
export async function spaceProblem(plan: ScanPlan, manifest: Manifest, from: number): Promise<string | undefined> {
  const needed = (plan.runs - from) * (await bytesPerRun(plan, manifest, from)) + reserve;
  const free = await freeBytes(manifest.folder);
  if (free >= needed) return undefined;
  return `disk space: ${bytesText(needed)} are still to come, ${bytesText(free)} are free in ${manifest.folder}`;
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
  if (lines > 0) return (bytes / lines) * 1.2;
  return (eventsOf(plan.startState) ?? 0) * chipsGuessed * bytesPerRecord;
}
