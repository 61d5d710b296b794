import type { TablePreview } from '../../domain/report/model.js';
import { unitsName } from '../../domain/analysis/csv.js';
import { exists } from '../files.js';
import { channelText, csvLines } from './csv.js';

/** Rows that a report shows of a table. */
const shownRows = 100;
/** Channels of a board: more are no list that anybody reads. */
const maxFlagged = 500;

/** The first rows of a CSV file of ours, how many it has, and the channels that it flags. */
export async function previewCsv(path: string, name: string): Promise<TablePreview> {
  const rows: string[][] = [];
  const flagged: { channel: string; why: string }[] = [];
  let columns: string[] | undefined;
  let flagOf: FlagReader = () => undefined;
  let total = 0;
  for await (const fields of csvLines(path)) {
    if (columns === undefined) {
      columns = fields;
      flagOf = flagReader(columns);
      continue;
    }
    total++;
    if (rows.length < shownRows) rows.push(fields.map(shorten));
    const flag = flagOf(fields);
    if (flag !== undefined && flagged.length < maxFlagged) flagged.push(flag);
  }
  const units = await unitsBeside(path);
  return { name, columns: (columns ?? []).map((column) => withUnit(column, units)), rows, total, flagged };
}

/** Units of the columns, where a file of them lies beside the table. */
async function unitsBeside(path: string): Promise<ReadonlyMap<string, string>> {
  const file = unitsName(path);
  if (!(await exists(file))) return new Map();
  const units = new Map<string, string>();
  for await (const [column, unit] of csvLines(file)) units.set(column, unit);
  return units;
}

function withUnit(column: string, units: ReadonlyMap<string, string>): string {
  const unit = units.get(column) ?? '';
  return unit === '' ? column : `${column} [${unit}]`;
}

type FlagReader = (fields: readonly string[]) => { readonly channel: string; readonly why: string } | undefined;

/** By convention: columns `chip`, `channel`, and `flag` (empty where there is nothing to say) or `reached` (0 or 1). */
function flagReader(columns: readonly string[]): FlagReader {
  const names = ['chip', 'channeltype', 'channel', 'flag', 'reached'];
  const [chip, type, channel, flag, reached] = names.map((name) => columns.indexOf(name));
  if (chip < 0 || channel < 0 || (flag < 0 && reached < 0)) return () => undefined;
  return (fields) => {
    const why = fields[flag] ?? (/^(0|false)$/.test(fields[reached] ?? '') ? 'out of reach' : '');
    if (why === '') return undefined;
    return { channel: channelText(fields[chip], type < 0 ? '0' : fields[type], fields[channel]), why };
  };
}

/** Six digits are enough for the eye; the file has all. */
function shorten(field: string): string {
  const long = /^-?\d+\.\d{4,}(e[-+]?\d+)?$/.test(field);
  return long ? String(Number(Number(field).toPrecision(6))) : field;
}
