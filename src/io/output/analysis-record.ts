import { join } from 'node:path';
import { parseRecord, type AnalysisRecord } from '../../domain/analysis/record.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { readIfExists } from '../files.js';
import { recordName } from './paths.js';

/** The record in an analysis' folder: absent where there is none, and where it is damaged, which `problem` tells. */
export interface FoundRecord {
  readonly record?: AnalysisRecord;
  readonly problem?: string;
}

export async function readAnalysisRecord(folder: string): Promise<FoundRecord> {
  const path = join(folder, recordName);
  try {
    const text = await readIfExists(path);
    if (text === undefined) return {};
    return { record: parseRecord(text, path) };
  } catch (error) {
    if (error instanceof DatenraffinerieError) return { problem: error.message };
    throw error;
  }
}
