import type {
  AnalysisClass,
  AnalysisContext,
  CsvColumn,
  PlotSpec,
  Quality,
} from '../../../src/domain/analysis/interface.js';
import type { ConfigMap } from '../../../src/domain/config/value.js';
import type { TableReader } from '../../../src/domain/table/reader.js';
import { declaredFiles } from '../../../src/domain/analysis/outputs.js';

/** What an analysis made, kept in memory. */
export interface MadeInMemory {
  readonly csv: Map<string, Map<string, ArrayLike<number | string | boolean>>>;
  /** Units of a table's columns, by the name of the table. */
  readonly units: Map<string, Map<string, ArrayLike<number | string | boolean>>>;
  readonly plots: Map<string, PlotSpec>;
  readonly texts: Map<string, string>;
  readonly calibrations: Map<string, ConfigMap>;
  readonly warnings: string[];
  readonly quality: Quality | undefined;
  /** Declared files that were not made. */
  readonly missing: readonly string[];
}

/** Runs an analysis without files: what it makes is handed back. */
export async function runInMemory(
  analysisClass: AnalysisClass,
  tables: readonly TableReader[],
  parameters: ConfigMap = new Map(),
): Promise<MadeInMemory> {
  const made = {
    csv: new Map<string, Map<string, ArrayLike<number | string | boolean>>>(),
    units: new Map<string, Map<string, ArrayLike<number | string | boolean>>>(),
    plots: new Map<string, PlotSpec>(),
    texts: new Map<string, string>(),
    calibrations: new Map<string, ConfigMap>(),
    warnings: [] as string[],
  };
  const context: AnalysisContext = {
    parameters,
    mode: tables[0]?.metadata.mode ?? 'summary',
    outputDir: '/nowhere',
    signal: new AbortController().signal,
    log: { info: () => undefined, warn: (text) => void made.warnings.push(text) },
    plot: async (name, spec) => void made.plots.set(name, spec),
    async csv(name, columns) {
      made.csv.set(name, byName(columns));
      made.units.set(
        name,
        byName([
          { name: 'column', values: columns.map((column) => column.name) },
          { name: 'unit', values: columns.map(({ unit }) => unit ?? '') },
        ]),
      );
    },
    text: async (name, content) => void made.texts.set(name, content),
    calibration: async (name, fragment) => void made.calibrations.set(name, fragment),
  };
  const analysis = new analysisClass(parameters);
  const declared = declaredFiles(analysis.output());
  const quality = await analysis.run(tables, context);
  const plots = [...made.plots.keys()].flatMap((name) => [`${name}.svg`, `${name}.png`]);
  const files = new Set([...made.csv.keys(), ...made.texts.keys(), ...made.calibrations.keys(), ...plots]);
  return { ...made, quality: quality ?? undefined, missing: declared.filter((name) => !files.has(name)) };
}

function byName(columns: readonly CsvColumn[]): Map<string, ArrayLike<number | string | boolean>> {
  return new Map(columns.map(({ name, values }) => [name, values]));
}

/** Rows of a CSV as objects, for comparing. */
export function rowsOf(csv: Map<string, ArrayLike<number | string | boolean>> | undefined): Record<string, unknown>[] {
  if (csv === undefined) return [];
  const columns = [...csv];
  const length = columns[0]?.[1].length ?? 0;
  return Array.from({ length }, (_, row) => Object.fromEntries(columns.map(([name, values]) => [name, values[row]])));
}
