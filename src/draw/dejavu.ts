import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type FontAdvances, fontAdvances } from "./font-advances.ts";

/** The faces of DejaVu Sans that figures use. */
export const FONT_STYLES = ["Sans", "Sans-Bold", "Sans-Oblique"] as const;
export type FontStyle = (typeof FONT_STYLES)[number];

/** What decides how wide a text is. */
export interface TextStyle {
  /** In px; default 11, as in vega. */
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

/** Path of the TrueType file in the installed package dejavu-fonts-ttf. */
export function fontFile(style: FontStyle): string {
  return createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/DejaVu${style}.ttf`);
}

/** Width of one line of text in px, set in DejaVu Sans without kerning. */
export function textWidth(text: string, style: TextStyle): number {
  const advance = advancesOf(style.fontWeight === "bold" ? "Sans-Bold" : "Sans");
  const em = [...text].reduce((sum, character) => sum + advance(character.codePointAt(0)!), 0);
  return em * (style.fontSize ?? 11);
}

/** Read once a process: the files do not change. */
const read = new Map<FontStyle, FontAdvances>();

function advancesOf(style: FontStyle): FontAdvances {
  const advances = read.get(style) ?? fontAdvances(readFileSync(fontFile(style)));
  read.set(style, advances);
  return advances;
}
