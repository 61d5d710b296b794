import type { Command } from 'commander';
import { DatenraffinerieError } from '../../domain/errors.js';
import { explain, suggestedName } from '../../domain/dictionary/dictionary.js';
import { TableFile } from '../../io/hdf5/read-table.js';
import { action, exit, newCommand } from '../command.js';
import { formatMeanings } from '../text/dictionary-text.js';
import { formatTable } from '../text/table-text.js';
import { parseCount } from '../options/option-values.js';
import { tableJson } from '../text/table-json.js';
import { lookAtTable } from '../text/table-look.js';

interface Options {
  readonly rows: number;
  readonly from: number;
  readonly columns?: readonly string[];
  readonly all?: true;
  readonly explain?: string;
  readonly json?: true;
  readonly configuration?: true;
}

export function build(): Command {
  return newCommand('table', 'a look into a table: where it comes from, its columns and their ranges, the first rows')
    .argument('[file]', 'an HDF5 file with a table at /data/measurements')
    .option('--rows <n>', 'how many rows to show', parseCount, 10)
    .option('--from <n>', 'the first row to show', parseCount, 0)
    .option('--columns <names>', 'these only, separated by commas', (text) => text.split(','))
    .option('--all', 'also columns that have the same value in every row')
    .option('--explain <name>', 'what a column, a register or a state means, and nothing else')
    .option('--configuration', 'print the whole procedure configuration that the file carries, and nothing else')
    .option('--json', 'for programs')
    .action(action(show));
}

async function show(path: string | undefined, options: Options): Promise<number> {
  const { explain: name, json } = options;
  if (name !== undefined) return explainName(name, json === true);
  if (path === undefined) throw new DatenraffinerieError('ConfigError', 'which table? A file is missing');
  return showTable(path, options);
}

function explainName(name: string, json: boolean): number {
  const found = explain(name);
  if (found.length === 0) {
    const remedy = suggestedName(name);
    throw new DatenraffinerieError(
      'ConfigError',
      `nothing is known of '${name}'`,
      remedy === undefined ? {} : { remedy },
    );
  }
  process.stdout.write(json ? `${JSON.stringify(found)}\n` : formatMeanings(found));
  return exit.done;
}

async function showTable(path: string, { rows, from, columns, all, json, configuration }: Options): Promise<number> {
  const table = await TableFile.open(path);
  try {
    if (configuration === true) {
      process.stdout.write(table.stored?.configuration ?? '');
      return exit.done;
    }
    const look = await lookAtTable(path, table, { rows, from, columns });
    const width = process.stdout.columns ?? 120;
    process.stdout.write(json === true ? tableJson(look) : formatTable(look, width, all === true));
    return exit.done;
  } finally {
    table.close();
  }
}
