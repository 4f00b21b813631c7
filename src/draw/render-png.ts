import { Resvg } from "@resvg/resvg-js";
import { FONT_STYLES, fontFile } from "./dejavu.ts";

/** Pixels of the PNG per px of the SVG. */
const PNG_ZOOM = 2;

/**
 * Rasterizes with the DejaVu fonts that are installed with the package, and no other, so that every machine draws alike. There are
 * pictures at which resvg ends the process: see {@link rasterize}.
 */
export function renderPng(svg: string): Uint8Array {
  const family = { defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" };
  const font = { fontFiles: FONT_STYLES.map(fontFile), loadSystemFonts: false, ...family };
  return new Uint8Array(new Resvg(svg, { font, fitTo: { mode: "zoom", value: PNG_ZOOM } }).render().asPng());
}
