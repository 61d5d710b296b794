/**
 * Room: the report of an output folder, finished or live.
 * May use: domain/*, io, io/configuration, io/hdf5, io/output, io/plot, io/process, io/processes.
 */

import { join } from 'node:path';
import { renderReport } from '../../domain/report/page.js';
import { writeFileAtomic } from '../files.js';
import { reportName } from '../output/paths.js';
import { readScanReport } from './read-scan.js';

/**
 * Writes `report.html` of what is in an output folder by now: configuration, statistics of the runs, plots, tables,
 * calibrations and provenance in one file that needs no other and no network. @returns its path
 */
export async function writeReport(output: string): Promise<string> {
  const path = join(output, reportName);
  await writeFileAtomic(path, renderReport(await readScanReport(output)));
  return path;
}
