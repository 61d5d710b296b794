import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import type { DataFormat, Mode } from '../../domain/config/procedure.js';
import { registerRange } from '../../domain/config/registers/registers.js';
import { updateMap } from '../../domain/config/overlay.js';
import { calibrationValues } from '../../domain/config/reading/data-format.js';
import { thawDaqProcedure } from '../../domain/config/reading/freeze.js';
import { strayRoots } from '../../domain/config/stray-roots.js';
import { isMap, type ConfigMap } from '../../domain/config/value.js';
import type { Source } from '../../domain/config/yaml/source.js';
import { formatYaml } from '../../domain/config/yaml/yaml.js';
import { ConfigError, DatenraffinerieError } from '../../domain/errors.js';
import { bytesText, countText } from '../../domain/quantities.js';
import { buildTableLayout } from '../../domain/table/build-layout.js';
import { readSource } from '../../io/configuration/config-reader.js';
import type { FileMetadata } from '../../io/hdf5/table-metadata.js';
import type { WrittenTable } from '../../io/hdf5/table-file-writer.js';
import type { PartHeader } from '../../io/process/part-reader.js';
import type { ProcessContext } from '../../io/process/process-job.js';
import { software } from '../../io/software.js';
import { requireReplaceable } from '../../io/merge/replaceable.js';
import { unpack } from '../../io/merge/unpack.js';
import { action, exit, newCommand } from '../command.js';
import { abortOnInterrupt } from '../interrupt.js';
import { printWarnings } from '../text/output.js';

interface Options {
  readonly output: string;
  readonly config?: string;
  readonly mode: Mode;
  readonly format?: DataFormat;
  readonly columns?: string;
  readonly overwrite?: true;
  readonly json?: true;
}

export function build(): Command {
  return newCommand('unpack', 'raw files to one table, without a scan; rows in the order of the files')
    .argument('<files...>', 'raw files')
    .requiredOption('--output <file>', 'the HDF5 file to write')
    .option(
      '--config <file>',
      'the full configuration that all files were measured with; its parameters become columns',
    )
    .addOption(
      new Option('--mode <mode>', 'summary: a row per channel; full: a row per channel and event')
        .choices(['summary', 'full'])
        .default('summary'),
    )
    .addOption(
      new Option(
        '--format <format>',
        'of the channel words in full mode; without it as CalibrationSC in --config says, else raw',
      ).choices(['raw', 'characterisation']),
    )
    .option('--columns <names>', 'only these columns, separated by commas')
    .option('--overwrite', 'replace the output where it exists')
    .option('--json', 'for programs')
    .action(action(run));
}

async function run(files: readonly string[], options: Options): Promise<number> {
  const { output } = options;
  await requireReplaceable(output, files, options.overwrite === true);
  const state = options.config === undefined ? new Map() : await readState(options.config);
  const context = contextOf(state, options);
  const headers: { readonly file: string; readonly header: PartHeader }[] = [];
  const interrupt = abortOnInterrupt();
  try {
    const onFile = (file: string, header: PartHeader): void => {
      headers.push({ file, header });
      for (const warning of header.warnings) process.stderr.write(`${file}: ${warning}\n`);
    };
    const metadata = metadataOf(files, context);
    const table = await unpack({ files, output, context, metadata, signal: interrupt.signal, onFile });
    process.stdout.write(options.json === true ? json(output, table, headers) : text(output, table, headers.length));
    return exit.done;
  } catch (error) {
    if (interrupt.signal.aborted) return exit.interrupted;
    throw error;
  } finally {
    interrupt.stop();
  }
}

async function readState(path: string): Promise<ConfigMap> {
  const source = await readSource(path);
  if (isMap(source.value)) return isFrozen(source.value) ? stateOf(source.text) : checkedState(source, source.value);
  throw new ConfigError([source.problem([], 'a full configuration is a mapping with the roots target and daq')]);
}

/** `procedure.yaml` of an output folder: what was measured, with the power-on state and all that was laid on it. */
function isFrozen(value: ConfigMap): boolean {
  return ['default', 'init', 'axes'].every((field) => value.has(field));
}

function stateOf(text: string): ConfigMap {
  const { defaultState, initState } = thawDaqProcedure(text);
  return updateMap(defaultState, initState);
}

/** Throws ConfigError where nothing of it would be understood. */
function checkedState(source: Source, state: ConfigMap): ConfigMap {
  const problems = strayRoots(state).map(({ path, message, remedy, severity }) =>
    source.problem(path, message, { at: 'key', remedy, severity }),
  );
  if (problems.some(({ severity }) => severity === 'error')) throw new ConfigError(problems);
  printWarnings(problems);
  return state;
}

function contextOf(state: ConfigMap, { mode, format, columns }: Options): ProcessContext {
  const dataColumns = columns?.split(',').map((name) => name.trim()) ?? [];
  const built = buildTableLayout({ mode, dataColumns, startState: state, axes: [], ranges: registerRange });
  const problems = built.problems.map((each) => ({ ...each, message: `--columns: ${each.message}` }));
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ConfigError(errors);
  printWarnings(problems);
  return { layout: built.layout, dataFormat: format ?? formatOf(state), startState: state };
}

/** The chips send characterisation words where CalibrationSC is set in every half that the configuration tells of. */
function formatOf(state: ConfigMap): DataFormat {
  const values = calibrationValues(state);
  if (values.size > 1) {
    const message = 'CalibrationSC of --config differs between halves: their words cannot be read alike';
    throw new DatenraffinerieError('ConfigError', message, { remedy: 'say --format raw or characterisation' });
  }
  return values.has(1) ? 'characterisation' : 'raw';
}

function metadataOf(files: readonly string[], { layout, dataFormat, startState }: ProcessContext): FileMetadata {
  return {
    procedure: 'unpack',
    mode: layout.mode,
    software,
    axes: [],
    configuration: formatYaml(
      new Map<string, string | string[] | ConfigMap>([
        ['mode', layout.mode],
        ['data_format', dataFormat],
        ['files', files.map((file) => basename(file))],
        ['configuration', startState],
      ]),
    ),
  };
}

function text(output: string, { rows, bytes }: WrittenTable, files: number): string {
  return `${output}: ${countText(rows, 'row')} of ${countText(files, 'file')} (${bytesText(bytes)})\n`;
}

function json(
  output: string,
  table: WrittenTable,
  headers: readonly { readonly file: string; readonly header: PartHeader }[],
): string {
  const files = headers.map(({ file, header }) => {
    const { rows, events, truncatedBytes, corruptHalves, sha256, warnings } = header;
    return { file, rows, events, truncatedBytes, corruptHalves, sha256, warnings };
  });
  return `${JSON.stringify({ output, ...table, files })}\n`;
}
