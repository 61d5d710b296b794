import { basename, join } from 'node:path';
import { thawDaqProcedure } from '../../domain/config/reading/freeze.js';
import { diffMap } from '../../domain/config/overlay.js';
import type { DaqProcedure } from '../../domain/config/procedure.js';
import { formatYaml } from '../../domain/config/yaml/yaml.js';
import type { Fact, MeasurementReport } from '../../domain/report/model.js';
import { runStatistics } from '../../domain/report/run-statistics.js';
import { runsPlot } from '../../domain/report/runs-plot.js';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import { exists, readIfExists } from '../files.js';
import { Manifest } from '../output/manifest.js';
import { partialTablePath, procedureName, tablePath } from '../output/paths.js';
import { readProvenance, type Provenance } from '../output/provenance.js';
import { plotSvg } from '../plot/svg.js';
import { svgPicture } from './pictures.js';

/** A DAQ procedure's part of the report, and what it was measured with. */
export interface ReadMeasurement {
  readonly report: MeasurementReport;
  /** Of its table, once there is one. */
  readonly provenance: Provenance | undefined;
}

/** Reads the folder of a DAQ procedure (`OUTPUT/PROCEDURE`, with its manifest). */
export async function readMeasurement(folder: string, name: string): Promise<ReadMeasurement> {
  const lines = await readLines(folder);
  const provenance = await readProvenance(folder);
  const frozen = await readIfExists(join(folder, procedureName));
  const procedure = frozen === undefined ? undefined : thawDaqProcedure(frozen);
  const plot =
    lines.length === 0 ? undefined : svgPicture('time and events of every run', await plotSvg(runsPlot(lines)));
  const report: MeasurementReport = {
    name,
    facts: factsOf(provenance, procedure),
    tables: await tablesOf(folder),
    axes: (procedure?.axes ?? []).map(describeAxis),
    statistics: runStatistics(lines),
    quarantined: provenance?.quarantined ?? [],
    settings:
      procedure === undefined ? '' : formatYaml(diffMap(procedure.defaultState, procedure.initState) ?? new Map()),
    plot,
  };
  return { report, provenance };
}

/** All lines of a manifest, in the order of runs. */
export async function readLines(folder: string): Promise<ManifestLine[]> {
  const manifest = await Manifest.open(folder);
  const lines: ManifestLine[] = [];
  try {
    for (const run of manifest.numbers()) {
      const line = await manifest.line(run);
      if (line !== undefined) lines.push(line);
    }
  } finally {
    await manifest.close();
  }
  return lines;
}

/** The whole table; the partial one of a scan that was aborted or failed. */
async function tablesOf(folder: string): Promise<MeasurementReport['tables']> {
  const tables = [
    { path: tablePath(folder), partial: false },
    { path: partialTablePath(folder), partial: true },
  ];
  const there = await Promise.all(tables.map(({ path }) => exists(path)));
  return tables.filter((_, i) => there[i]).map(({ path, partial }) => ({ name: basename(path), partial }));
}

function factsOf(provenance: Provenance | undefined, procedure: DaqProcedure | undefined): Fact[] {
  const { runs, failedTries, table } = provenance ?? {};
  const facts: (Fact | undefined)[] = [
    procedure && { name: 'mode', value: `${procedure.mode}, data format ${procedure.dataFormat}` },
    runs === undefined ? undefined : { name: 'runs planned', value: String(runs) },
    failedTries === undefined ? undefined : { name: 'failed tries', value: String(failedTries) },
    table ? { name: 'table', value: `${table.rows} rows` } : { name: 'table', value: 'not merged (yet)' },
  ];
  return facts.filter((fact) => fact !== undefined);
}

/** Values of an axis that are listed, at most. */
const maxValues = 8;

function describeAxis(axis: DaqProcedure['axes'][number]): MeasurementReport['axes'][number] {
  const at = (point: number): string => [...axis.columns(point).values()].join('/');
  const all = axis.length <= maxValues;
  const points = all ? Array.from({ length: axis.length }, (_, i) => i) : [0, 1, 2, axis.length - 1];
  const values = points.map(at);
  if (!all) values.splice(3, 0, '…');
  const label = [axis.label, axis.unit === undefined ? undefined : `[${axis.unit}]`].filter(
    (text) => text !== undefined,
  );
  return { name: axis.name, length: axis.length, label: label.join(' '), values: values.join(', ') };
}
