import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readFontWidths } from './font-widths.js';

/** Fonts come with us, never from the machine: the same plot has the same layout and pixels everywhere. */
const folder = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
const regular = join(folder, 'DejaVuSans.ttf');
const bold = join(folder, 'DejaVuSans-Bold.ttf');

export const fontFiles: readonly string[] = [regular, bold, join(folder, 'DejaVuSans-Oblique.ttf')];

let widths: { regular: (character: string) => number; bold: (character: string) => number } | undefined;

/** Width of a text in SVG units. */
export function textWidth(text: string, fontSize: number, isBold: boolean): number {
  widths ??= { regular: readFontWidths(regular), bold: readFontWidths(bold) };
  const of = isBold ? widths.bold : widths.regular;
  let sum = 0;
  for (const character of text) sum += of(character);
  return sum * fontSize;
}
