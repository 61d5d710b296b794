/**
 * What the names that users give may be. Each function answers what is wrong with a name, to follow upon it in a
 * sentence, or undefined where it is right. Reader and worker ask here, so that they agree.
 */

/** Room for `.`, `.h5`, the number of an occurrence and the random part of a temporary name in the 255 bytes of most disks. */
const longestName = 120;

/** Outputs that bear no procedure's name: every scan writes them beside the procedures' folders. */
export const scanFiles = {
  report: 'report.html',
  owner: 'owner.json',
  calibration: 'full-calibration.yaml',
} as const;
const reserved: ReadonlySet<string> = new Set(Object.values(scanFiles));

/** How names end under which something is written that is not whole yet: what killed processes leave is removed. */
export const temporaryEnding = /\.[0-9a-f-]{10,}\.tmp$/;

/** Of a procedure: its outputs are a folder and files of this name, on any disk and in any shell. */
export function unfitName(name: string): string | undefined {
  const bytes = new TextEncoder().encode(name).length;
  if (bytes > longestName) return `has ${bytes} bytes, more than ${longestName}`;
  if (/[/\\:*?"<>|]/.test(name) || unprintable(name)) return 'is no plain file name';
  if (/^$|^[.-]|\.$/.test(name) || name.trim() !== name) return 'is no plain file name';
  if (/\.h5$/i.test(name) || reserved.has(foldName(name))) return 'is kept for an output file';
  if (temporaryEnding.test(name)) return 'is kept for files that are not whole yet';
  return /\.\d+$/.test(name) ? 'ends like the second occurrence of another procedure' : undefined;
}

/** The same for names that some disk takes for one: they differ in case, or in how their accents are written. */
export function foldName(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase();
}

/** Of a column of a table: what PyTables cannot read, or not write again. */
export function unfitColumn(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.includes('/')) return "has a '/', which stands for a column within a column";
  if (name === '.' || name === '__members__' || /^_[cfgv]_/.test(name)) return 'is one that PyTables keeps for itself';
  return unprintable(name) ? 'has characters that cannot be printed' : undefined;
}

/** Of an analysis: the module that is looked for. */
export function unfitModule(name: string): string | undefined {
  return /^[A-Za-z_][\w-]*$/.test(name) ? undefined : 'is no name of an analysis';
}

/** Control and formatting characters, halves of surrogate pairs, ends of lines. */
function unprintable(text: string): boolean {
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
}
