import { dictionary, type Meaning } from '../../../src/domain/dictionary/dictionary.js';

/** The whole dictionary as a page of the documentation. */
export function dictionaryPage(): string {
  const parts = new Map<string, Meaning[]>();
  for (const each of dictionary()) parts.set(each.where, [...(parts.get(each.where) ?? []), each]);
  const sections = [...parts].map(([where, meanings]) => `## ${titleOf(where)}\n\n${tableOf(meanings)}\n`);
  return `# Data dictionary\n\n${introduction}\n\n${sections.join('\n')}`;
}

const introduction = [
  'Every column of a table, register of the shipped description and state, as `datenraffinerie table --explain NAME` tells it.',
  'A register is a configuration column where `data_columns` or an axis asks for it: one value per row, of the channel,',
  'its half or its chip. Registers are those of the HGCROC version 3 for silicon; other versions have more.',
].join('\n');

function titleOf(where: string): string {
  return `${where.charAt(0).toUpperCase()}${where.slice(1)}`;
}

function tableOf(meanings: readonly Meaning[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rows = meanings.map((each) => `| \`${each.name}\` | ${each.range} | ${each.unit} | ${cell(each.meaning)} |`);
  return ['| name | type or range | unit | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
