import { createInterface } from 'node:readline';
import { openRegular } from '../files.js';

/** Lines of a CSV file as an analysis writes it, the header first; comments are left out. Nothing of what is no file. */
export async function* csvLines(path: string): AsyncGenerator<string[]> {
  const file = await openRegular(path).catch(() => undefined);
  if (file === undefined) return;
  const input = file.createReadStream({ encoding: 'utf8' });
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (!line.startsWith('#')) yield splitLine(line); // units, say
  }
}

function splitLine(line: string): string[] {
  const fields = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

/** As people call the channels of a chip. */
export function channelText(chip: string, type: string, channel: string): string {
  const kinds: Readonly<Record<string, string>> = { '0': 'channel', '1': 'calibration channel', '100': 'common mode' };
  return `chip ${chip}, ${kinds[type] ?? `type ${type}`} ${channel}`;
}
