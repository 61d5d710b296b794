import { basename, join } from 'node:path';
import type { CalibrationReport, Fact, ScanReport } from '../../domain/report/model.js';
import { outcomesOf, remarksOf, stateOf } from '../../domain/report/outcomes.js';
import type { ScanEnd } from '../../domain/scan/scan-end.js';
import { bytesText, countText, timeText } from '../../domain/quantities.js';
import { exists, textSha256 } from '../files.js';
import { readFullCalibration } from '../configuration/calibration-files.js';
import { leftovers } from '../output/leftovers.js';
import { readOwner, type Owner } from '../output/owner.js';
import { fullCalibrationName, manifestName } from '../output/paths.js';
import { proceduresIn } from '../output/output-folder.js';
import { readScanEnd } from '../output/scan-end.js';
import { failedAnalysis, isAnalysisFolder, readAnalysis, type ReadAnalysis } from './read-analysis.js';
import type { Provenance } from '../output/provenance.js';
import { readMeasurement, type ReadMeasurement } from './read-measurement.js';

/** Everything that the report of an output folder shows; procedures in the order in which they were done. */
export async function readScanReport(output: string): Promise<ScanReport> {
  const { measurements, analyses } = await readProcedures(output);
  const owner = await readOwner(output);
  const end = await endOf(output, owner);
  const calibration = await readFullCalibration(output).catch(() => undefined); // damaged: as if there were none
  const parts = {
    measurements: measurements.map(({ report }) => report),
    analyses: analyses.map(({ report }) => report),
  };
  const provenance = latestFirst(
    measurements.flatMap((measurement) => measurement.provenance ?? []),
    owner,
  );
  return {
    title: `Scan ${owner?.workflowId ?? provenance[0]?.scan ?? basename(output)}`,
    state: stateOf(owner, end),
    remarks: remarksOf(parts, end),
    facts: await factsOf(output, { provenance, owner, end }),
    outcomes: outcomesOf(parts, end),
    badChannels: parts.analyses.flatMap(({ badChannels }) => badChannels),
    ...parts,
    calibration,
    files: filesOf(measurements, analyses, calibration),
  };
}

async function readProcedures(output: string): Promise<{ measurements: ReadMeasurement[]; analyses: ReadAnalysis[] }> {
  const measurements: ReadMeasurement[] = [];
  const analyses: ReadAnalysis[] = [];
  for (const name of await proceduresIn(output)) {
    const folder = join(output, name);
    try {
      if (await exists(join(folder, manifestName))) measurements.push(await readMeasurement(folder, name));
      else if (await isAnalysisFolder(folder)) analyses.push(await readAnalysis(folder, name));
    } catch (error) {
      analyses.push(unreadable(name, error));
    }
  }
  measurements.sort((a, b) => compareTimes(a.report.statistics.firstStart, b.report.statistics.firstStart));
  analyses.sort((a, b) => compareTimes(a.record?.start ?? '', b.record?.start ?? ''));
  return { measurements, analyses };
}

/** One folder that cannot be read costs its own part of the report, not the others'. */
function unreadable(name: string, error: unknown): ReadAnalysis {
  const why = `this folder cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  return { report: failedAnalysis(name, [why]), record: undefined };
}

/** The end of the scan that wrote here last: one of an earlier scan says nothing of it. */
async function endOf(output: string, owner: Owner | undefined): Promise<ScanEnd | undefined> {
  const end = await readScanEnd(output);
  return owner !== undefined && end?.firstRunId === owner.firstRunId ? end : undefined;
}

/** What the scan itself measured comes before what it found. */
function latestFirst(provenance: readonly Provenance[], owner: Owner | undefined): Provenance[] {
  const isOwn = ({ scan }: Provenance): boolean => scan === owner?.workflowId;
  return [...provenance.filter(isOwn), ...provenance.filter((each) => !isOwn(each))];
}

/** Unknown times come last. */
function compareTimes(a: string, b: string): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Known {
  readonly provenance: readonly Provenance[];
  readonly owner: Owner | undefined;
  readonly end: ScanEnd | undefined;
}

async function factsOf(output: string, { provenance, owner, end }: Known): Promise<Fact[]> {
  const first = (key: 'stand' | 'board' | 'operator' | 'comment' | 'software' | 'host'): string | undefined =>
    provenance.find((each) => each[key] !== undefined)?.[key];
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['stand', end === undefined ? first('stand') : end.stand],
    ['board', end === undefined ? first('board') : end.board],
    ['operator', end === undefined ? first('operator') : end.operator],
    ['comment', end === undefined ? first('comment') : end.comment],
    ['started', owner === undefined ? undefined : timeText(owner.started)],
    ['ended', owner?.closed === undefined ? undefined : timeText(owner.closed)],
    ['software', first('software')],
    ['host', first('host')],
    ['kept beside', await besides(output)],
  ];
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [{ name, value }]));
}

/** What does not count any more, and how it is removed. */
async function besides(output: string): Promise<string | undefined> {
  const found = (await leftovers(output)).map(
    ({ path, files, bytes }) => `${countText(files, 'file')}, ${bytesText(bytes)}: rm -r '${path}'`,
  );
  return found.length === 0 ? undefined : found.join('; ');
}

function filesOf(
  measurements: readonly ReadMeasurement[],
  analyses: readonly ReadAnalysis[],
  full: CalibrationReport | undefined,
): ScanReport['files'] {
  const tables = measurements.flatMap(({ report, provenance }) => {
    const table = provenance?.table;
    return table ? [{ path: basename(table.path), what: `table of ${report.name}`, sha256: table.sha256 }] : [];
  });
  const made = analyses.flatMap(({ report, record }) => {
    if (record === undefined) return [];
    const code = { path: record.code, what: `code of ${report.name}`, sha256: record.key.code };
    const { calibration } = record;
    if (calibration === null) return [code];
    return [
      code,
      { ...calibration, path: `${report.name}/${calibration.path}`, what: `calibration by ${report.name}` },
    ];
  });
  if (full === undefined) return [...tables, ...made];
  return [...tables, ...made, { path: fullCalibrationName, what: 'all calibrations', sha256: textSha256(full.text) }];
}
