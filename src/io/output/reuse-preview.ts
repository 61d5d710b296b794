import { join } from 'node:path';
import { countText } from '../../domain/quantities.js';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import { notesKept } from '../../domain/scan/notes.js';
import type { PreviewedReuse, ReusePreview } from '../../domain/plan/preview.js';
import type { ScanPlan } from '../../domain/plan/plan.js';
import { Manifest } from './manifest.js';
import { compareRuns, whyRejectContent } from './reuse.js';

/** Measured runs whose time and size are looked at. */
const sampledRuns = 200;
/** Bytes of raw files that a plan reads to see whether they are what was measured. */
const readAtMost = 2e9;

/**
 * What of every procedure lies in an output folder and would be reused; nothing is changed there.
 * @param verify compares the content of raw files, too, not only size and time
 */
export function previewOf(output: string, verify = false): ReusePreview {
  return async (planned, plan) => {
    const manifest = await Manifest.open(join(output, planned.name));
    try {
      return await reuseOf(manifest, plan, verify);
    } finally {
      await manifest.close();
    }
  };
}

async function reuseOf(manifest: Manifest, plan: ScanPlan, verify: boolean): Promise<PreviewedReuse> {
  const reasons = new Map<string, number>();
  const sample: ManifestLine[] = [];
  let reused = 0;
  let left = readAtMost;
  let unread = 0;
  const mayRead = (bytes: number): boolean => (left -= bytes) >= 0;
  for await (const compared of compareRuns(manifest, plan, { mayRead })) {
    const { run, line } = compared;
    const why = compared.why ?? (verify ? await whyRejectContent(manifest, run) : undefined);
    if (why === undefined) reused++;
    else reasons.set(why.text, (reasons.get(why.text) ?? 0) + 1);
    if (why === undefined && compared.touched?.read === false) unread++;
    if (why === undefined && line !== undefined && sample.length < sampledRuns) sample.push(line);
  }
  const runSeconds = mean(sample.map(({ start, end }) => (Date.parse(end) - Date.parse(start)) / 1000));
  const runBytes = mean(sample.map(({ bytes }) => bytes));
  return {
    reused,
    reasons: [...reasonTexts(reasons), ...unreadText(unread)],
    ...(runSeconds > 0 ? { runSeconds } : {}),
    ...(runBytes > 0 ? { runBytes } : {}),
  };
}

/** Files whose times are not those on record, as in a backup: too much to be read for a plan. */
function unreadText(runs: number): string[] {
  return runs === 0 ? [] : [`${countText(runs, 'run')} will be checked by content: the times of the files are others`];
}

/** NaN of nothing. */
function mean(values: readonly number[]): number {
  const finite = values.filter((value) => Number.isFinite(value));
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}

function reasonTexts(reasons: ReadonlyMap<string, number>): string[] {
  const texts = [...reasons].map(([why, count]) => `${countText(count, 'run')}: ${why}`);
  if (texts.length <= notesKept) return texts;
  return [...texts.slice(0, notesKept - 1), `and ${texts.length - notesKept + 1} other reasons`];
}
