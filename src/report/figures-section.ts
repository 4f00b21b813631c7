import { escapeHtml, section } from "./html.ts";
import type { ReportFigure, ReportInput } from "./report-input.ts";

/** Narrower than this the type would be too small: the card scrolls instead. */
const LEAST_WIDTH = 600;

/** Every figure as inline SVG with its caption and links to its files. */
export function figuresSection({ figures }: ReportInput): string {
  return section("figures", "Figures", figures.map(figure).join(""));
}

function figure(one: ReportFigure, k: number): string {
  const id = `figure-${escapeHtml(one.name)}`;
  const title = escapeHtml(one.title);
  return `<figure id="${id}"><h3>Figure ${k + 1}. ${title}</h3>
<div class="card" tabindex="0" role="region" aria-label="${title}">${inlineSvg(one.svg, one.name)}</div>
<figcaption>${escapeHtml(one.caption)} <span class="links">${links(one)}</span></figcaption></figure>\n`;
}

function links({ name, png, spec }: ReportFigure): string {
  const endings = [".svg", ...(png === undefined ? [] : [".png"]), ...(spec === undefined ? [] : [".vl.json"])];
  return endings
    .map((ending) => `<a href="${escapeHtml(encodeURIComponent(name) + ending)}">${ending.slice(1)}</a>`)
    .join(" · ");
}

/**
 * An SVG made fit to stand in a page beside others: no XML prologue, identifiers made its own (each picture numbers its
 * clip paths from 0), and a least width below which its card scrolls.
 */
function inlineSvg(svg: string, name: string): string {
  const prefix = `${name.replace(/[^\w-]/g, "_")}-`;
  const width = Number(/<svg[^>]* width="([\d.]+)"/.exec(svg)?.[1] ?? LEAST_WIDTH);
  return (
    svg
      .slice(svg.indexOf("<svg"))
      // The picture as a whole has its text; parts that have none would be read out as nothing.
      .replace(/ role="graphics-(?:symbol|object)"/g, "")
      .replace(/ aria-roledescription="[^"]*"/g, "")
      .replace(/ id="([^"]+)"/g, ` id="${prefix}$1"`)
      .replace(/url\(#([^)]+)\)/g, `url(#${prefix}$1)`)
      .replace(/href="#([^"]+)"/g, `href="#${prefix}$1"`)
      .replace("<svg ", `<svg style="min-width:${Math.min(width, LEAST_WIDTH)}px" `)
  );
}
