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
  for await (const compared of compareRuns(manifest, plan)) {
    const { run } = compared;
    const why = compared.why ?? (verify ? await whyRejectContent(manifest, run) : undefined);
    if (why === undefined) reused++;
    else reasons.set(why.text, (reasons.get(why.text) ?? 0) + 1);
    const line = why === undefined && sample.length < sampledRuns ? await manifest.line(run) : undefined;
    if (line !== undefined) sample.push(line);
  }
  const runSeconds = mean(sample.map(({ start, end }) => (Date.parse(end) - Date.parse(start)) / 1000));
  const runBytes = mean(sample.map(({ bytes }) => bytes));
  return {
    reused,
    reasons: reasonTexts(reasons),
    ...(runSeconds > 0 ? { runSeconds } : {}),
    ...(runBytes > 0 ? { runBytes } : {}),
  };
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
