import { createInterface } from 'node:readline';
import { openRegular } from '../files.js';
import type { TablePreview } from '../../domain/report/model.js';

/** Rows that a report shows of a table. */
const shownRows = 100;
/** Channels of a board: more are no list that anybody reads. */
const maxFlagged = 500;

/** The first rows of a CSV file of ours, how many it has, and the channels that it flags. */
export async function previewCsv(path: string, name: string): Promise<TablePreview> {
  const file = await openRegular(path).catch(() => undefined);
  if (file === undefined) return { name, columns: [], rows: [], total: 0, flagged: [] };
  const input = file.createReadStream({ encoding: 'utf8' });
  const rows: string[][] = [];
  const flagged: { channel: string; why: string }[] = [];
  let columns: string[] | undefined;
  let flagOf: FlagReader = () => undefined;
  let total = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.startsWith('#')) continue; // units, say
    const fields = splitLine(line);
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
  return { name, columns: columns ?? [], rows, total, flagged };
}

type FlagReader = (fields: readonly string[]) => { readonly channel: string; readonly why: string } | undefined;

/** By convention: columns `chip`, `channel` and `flag`, the last empty where there is nothing to say. */
function flagReader(columns: readonly string[]): FlagReader {
  const [chip, type, channel, flag] = ['chip', 'channeltype', 'channel', 'flag'].map((name) => columns.indexOf(name));
  if (chip < 0 || channel < 0 || flag < 0) return () => undefined;
  return (fields) => {
    const why = fields[flag] ?? '';
    if (why === '') return undefined;
    return { channel: channelText(fields[chip], type < 0 ? '0' : fields[type], fields[channel]), why };
  };
}

/** As people call the channels of a chip. */
function channelText(chip: string, type: string, channel: string): string {
  const kinds: Readonly<Record<string, string>> = { '0': 'channel', '1': 'calibration channel', '100': 'common mode' };
  return `chip ${chip}, ${kinds[type] ?? `type ${type}`} ${channel}`;
}

function splitLine(line: string): string[] {
  const fields = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

/** Six digits are enough for the eye; the file has all. */
function shorten(field: string): string {
  const long = /^-?\d+\.\d{4,}(e[-+]?\d+)?$/.test(field);
  return long ? String(Number(Number(field).toPrecision(6))) : field;
}
