import { z } from 'zod';
import type { ScanEnd } from '../../domain/scan/scan-end.js';
import { readJson } from '../checked-json.js';
import { writeFileAtomic } from '../files.js';
import { scanEndPath } from './paths.js';

const answerSchema = z.object({
  verdict: z.enum(['accept', 'reject']),
  by: z.string().nullable(),
  at: z.string(),
});

const endSchema: z.ZodType<ScanEnd> = z.object({
  scan: z.string(),
  firstRunId: z.string(),
  state: z.enum(['done', 'failed', 'aborted']),
  stand: z.string(),
  board: z.string().optional(),
  operator: z.string().optional(),
  comment: z.string().optional(),
  ended: z.string(),
  procedures: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['daq', 'analysis']),
      state: z.string(),
      runs: z.number(),
      acquired: z.number(),
      quarantined: z.number(),
      failure: z.string().optional(),
      answer: answerSchema.optional(),
    }),
  ),
});

/** Keeps what became of a scan: its folder knows it when Temporal has forgotten. */
export async function writeScanEnd(output: string, end: ScanEnd): Promise<void> {
  await writeFileAtomic(scanEndPath(output), `${JSON.stringify(end, undefined, 2)}\n`);
}

/** Undefined where no scan has ended here, or one of 2.0.0. */
export function readScanEnd(output: string): Promise<ScanEnd | undefined> {
  return readJson(scanEndPath(output), endSchema);
}
