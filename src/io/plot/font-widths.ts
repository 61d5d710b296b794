import { readFileSync } from 'node:fs';

/**
 * Widths of a TrueType font's characters, as parts of the font size: plots are laid out with the very letters that they
 * are drawn with. Reads tables head (units), hhea and hmtx (advance widths) and cmap (format 4: which letter is where).
 */
export function readFontWidths(file: string): (character: string) => number {
  const bytes = readFileSync(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const tables = tableOffsets(view);
  const at = (name: string): number => {
    const offset = tables.get(name);
    if (offset === undefined) throw new Error(`${file} has no table ${name}`);
    return offset;
  };
  const unitsPerEm = view.getUint16(at('head') + 18);
  const advances = view.getUint16(at('hhea') + 34);
  const glyphOf = characterMap(view, at('cmap'));
  const widths = new Map<string, number>();
  return (character) => {
    const known = widths.get(character);
    if (known !== undefined) return known;
    const glyph = Math.min(glyphOf(character.codePointAt(0) ?? 0), advances - 1); // the last width holds for the rest
    const width = view.getUint16(at('hmtx') + 4 * glyph) / unitsPerEm;
    widths.set(character, width);
    return width;
  };
}

function tableOffsets(view: DataView): Map<string, number> {
  const count = view.getUint16(4);
  const entries = Array.from({ length: count }, (_, i): [string, number] => {
    const entry = 12 + 16 * i;
    const name = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(entry + byte)));
    return [name, view.getUint32(entry + 8)];
  });
  return new Map(entries);
}

/** Glyph of a code point by a cmap subtable of format 4: segments of code points with an offset each. */
function characterMap(view: DataView, cmap: number): (code: number) => number {
  const count = view.getUint16(cmap + 2);
  const offsets = Array.from({ length: count }, (_, i) => cmap + view.getUint32(cmap + 4 + 8 * i + 4));
  const table = offsets.find((offset) => view.getUint16(offset) === 4);
  if (table === undefined) throw new Error('the font has no character map of format 4');
  const segments = view.getUint16(table + 6) / 2;
  const [ends, starts, deltas, ranges] = [14, 16 + 2 * segments, 16 + 4 * segments, 16 + 6 * segments];
  return (code) => {
    for (let i = 0; i < segments; i++) {
      if (code > view.getUint16(table + ends + 2 * i)) continue;
      const start = view.getUint16(table + starts + 2 * i);
      if (code < start) return 0;
      const delta = view.getUint16(table + deltas + 2 * i);
      const range = view.getUint16(table + ranges + 2 * i);
      if (range === 0) return (code + delta) & 0xffff;
      const glyph = view.getUint16(table + ranges + 2 * i + range + 2 * (code - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}
