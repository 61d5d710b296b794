import type { Command } from 'commander';
import { TableFile } from '../../io/hdf5/read-table.js';
import { action, exit, newCommand } from '../command.js';
import { formatTable } from '../text/table-text.js';
import { parseCount } from '../options/option-values.js';
import { tableJson } from '../text/table-json.js';
import { lookAtTable } from '../text/table-look.js';

interface Options {
  readonly rows: number;
  readonly json?: true;
  readonly configuration?: true;
}

export function build(): Command {
  return newCommand('table', 'a look into a table: where it comes from, its columns and their ranges, the first rows')
    .argument('<file>', 'an HDF5 file with a table at /data/measurements')
    .option('--rows <n>', 'how many rows to show', parseCount, 10)
    .option('--configuration', 'print the whole procedure configuration that the file carries, and nothing else')
    .option('--json', 'for programs')
    .action(action(show));
}

async function show(path: string, { rows, json, configuration }: Options): Promise<number> {
  const table = await TableFile.open(path);
  try {
    if (configuration === true) {
      process.stdout.write(table.stored?.configuration ?? '');
      return exit.done;
    }
    const look = await lookAtTable(path, table, rows);
    process.stdout.write(json === true ? tableJson(look) : formatTable(look, process.stdout.columns ?? 120));
    return exit.done;
  } finally {
    table.close();
  }
}
