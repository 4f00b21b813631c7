/** Advance width of a character in em; characters that the font lacks have the width of its "missing" glyph. */
export type FontAdvances = (codePoint: number) => number;

/**
 * Reads the advance widths of a TrueType font (tables cmap format 4, hhea, hmtx, head), so that text can be laid out
 * without a canvas. After Microsoft and Apple, OpenType specification 1.9.
 *
 * @throws Error where the bytes are no TrueType font with a Unicode character map of format 4.
 */
export function fontAdvances(bytes: Uint8Array): FontAdvances {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unitsPerEm = view.getUint16(tableAt(view, "head") + 18);
  const metrics = view.getUint16(tableAt(view, "hhea") + 34);
  const hmtx = tableAt(view, "hmtx");
  const glyphOf = characterMap(view, tableAt(view, "cmap"));
  // Glyphs beyond the last metric share its width.
  return (codePoint) => view.getUint16(hmtx + 4 * Math.min(glyphOf(codePoint), metrics - 1)) / unitsPerEm;
}

function tableAt(view: DataView, tag: string): number {
  const tables = view.getUint16(4);
  for (let k = 0; k < tables; k++) {
    const entry = 12 + 16 * k;
    const name = String.fromCharCode(...[0, 1, 2, 3].map((at) => view.getUint8(entry + at)));
    if (name === tag) return view.getUint32(entry + 8);
  }
  throw new Error(`font without table ${tag}`);
}

/** Unicode (platform 0, or 3 with encoding 1) map of format 4: segments of consecutive characters. */
function characterMap(view: DataView, cmap: number): (codePoint: number) => number {
  const subtable = format4(view, cmap);
  const doubled = view.getUint16(subtable + 6);
  const [ends, starts] = [subtable + 14, subtable + 16 + doubled];
  const [deltas, offsets] = [starts + doubled, starts + 2 * doubled];
  return (codePoint) => {
    for (let at = 0; at < doubled; at += 2) {
      if (codePoint > view.getUint16(ends + at)) continue;
      const start = view.getUint16(starts + at);
      if (codePoint < start) return 0;
      const delta = view.getUint16(deltas + at);
      const offset = view.getUint16(offsets + at);
      if (offset === 0) return (codePoint + delta) & 0xffff;
      const glyph = view.getUint16(offsets + at + offset + 2 * (codePoint - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

function format4(view: DataView, cmap: number): number {
  const count = view.getUint16(cmap + 2);
  for (let k = 0; k < count; k++) {
    const subtable = cmap + view.getUint32(cmap + 8 + 8 * k);
    if (view.getUint16(subtable) === 4) return subtable;
  }
  throw new Error("font without a character map of format 4");
}
