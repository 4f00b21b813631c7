import { rmSync } from "node:fs";
import { join } from "node:path";
import pLimit from "p-limit";
import type { Loader, LoggerInterface } from "vega";
import { TokensphereError } from "../../models/errors.ts";
import type { FigureSpec } from "../figures/parts/spec.ts";
import { writeWhole } from "../run/write-whole.ts";
import { type TextStyle, textWidth } from "./dejavu.ts";
import { dropUnseen } from "./drop-unseen.ts";
import { rasterize } from "./rasterize.ts";

/** A drawn figure. */
export interface RenderedFigure {
  readonly svg: string;
  /** `null` where the rasterizer could not. */
  readonly png: Uint8Array | null;
  /** Why there is no PNG. */
  readonly pngFailure: string | null;
}

/** Where a figure was written, and what. */
export interface WrittenFigure {
  /** Paths of the files. */
  readonly spec: string;
  readonly svg: string;
  /** `null` where there is none. */
  readonly png: string | null;
  readonly rendered: RenderedFigure;
}

/** What vega exports but its types lack: the numbering of clip paths, and how wide it thinks a text is. */
interface Untyped {
  resetSVGDefIds(): void;
  readonly textMetrics: { width(item: TextStyle, text: string): number };
}

/**
 * Vega and Vega-Lite, when a figure is drawn and not before: they take a second to load, and vega looks for a canvas in such a way that
 * nothing which imports it at its head can be `require`d.
 */
async function loadVega() {
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  return { vega, compile, ...(vega as unknown as Untyped) };
}

/**
 * Draws a figure without a browser: Vega-Lite → Vega → SVG, and from it a PNG in a process of its own. The same specification gives the same bytes.
 * Nothing is fetched and nothing is logged; a warning of either compiler is an error.
 *
 * @throws TokensphereError `input` where the specification holds a number that is not finite: it would go unseen into a path.
 */
export async function renderFigure(spec: FigureSpec): Promise<RenderedFigure> {
  const svg = await renderSvg(spec);
  const drawn = await rasterize(dropUnseen(svg));
  return "png" in drawn ? { svg, png: drawn.png, pngFailure: null } : { svg, png: null, pngFailure: drawn.failure };
}

/** Vega counts its identifiers over the process: two views at once would share them out between them. */
const oneView = pLimit(1);

/** The SVG alone; see {@link renderFigure}. */
export async function renderSvg(spec: FigureSpec): Promise<string> {
  refuseNotFinite(spec, "figure");
  return oneView(() => viewAsSvg(spec));
}

async function viewAsSvg(spec: FigureSpec): Promise<string> {
  const { vega, compile, textMetrics, resetSVGDefIds } = await loadVega();
  const log = collectingLogger();
  // The compiler and the view mark the rows they are given: work on a copy.
  const compiled = compile(structuredClone(spec), { logger: log.logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logger: log.logger, loader: refusingLoader() });
  // Without a canvas vega takes every character as .8 em wide, a third too much.
  textMetrics.width = (item, text) => textWidth(String(text ?? ""), item);
  // Identifiers are counted over the process; without this the second figure differs from the first.
  resetSVGDefIds();
  try {
    const svg = await view.toSVG();
    if (log.messages.length > 0) throw new Error(`figure with warnings: ${log.messages.join("; ")}`);
    return withDescription(shortNumbers(svg), spec.description);
  } finally {
    view.finalize();
  }
}

/** Coordinates to a hundredth of a pixel: a third of the bytes, and the same on machines that round sines differently. */
function shortNumbers(svg: string): string {
  return svg.replace(/ (?:d|transform|x|y|x1|x2|y1|y2|width|height)="[^"]*"/g, (attribute) =>
    attribute.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(2)))),
  );
}

/** One picture with one description, in place of a label on every mark. */
function withDescription(svg: string, description: string | undefined): string {
  const label = (description ?? "figure").replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return svg.replace("<svg ", `<svg role="img" aria-label="${label}" `);
}

/**
 * Writes `name.vl.json` (data inline), `name.svg` and `name.png` into the folder, each complete or not at all. A PNG that cannot be
 * drawn is left out. The SVG comes last: where it is, nothing of the figure is missing.
 */
export async function writeFigure(folder: string, name: string, spec: FigureSpec): Promise<WrittenFigure> {
  const rendered = await renderFigure(spec);
  const paths = {
    spec: join(folder, `${name}.vl.json`),
    svg: join(folder, `${name}.svg`),
    png: join(folder, `${name}.png`),
  };
  writeWhole(paths.spec, `${JSON.stringify(spec)}\n`);
  if (rendered.png !== null) writeWhole(paths.png, rendered.png);
  else rmSync(paths.png, { force: true }); // That of an earlier drawing is not of this one.
  writeWhole(paths.svg, rendered.svg);
  return { ...paths, png: rendered.png && paths.png, rendered };
}

function refuseNotFinite(value: unknown, path: string): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new TokensphereError(
      "input",
      `number that cannot be drawn: ${path} = ${value}. measure again or leave the row out`,
    );
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) refuseNotFinite(inner, `${path}.${key}`);
}

function collectingLogger(): { readonly logger: LoggerInterface; readonly messages: string[] } {
  const messages: string[] = [];
  const keep = (...parts: readonly unknown[]) => {
    messages.push(parts.map(String).join(" "));
    return logger;
  };
  const ignore = () => logger;
  const logger = {
    level: () => logger,
    warn: keep,
    error: keep,
    info: ignore,
    debug: ignore,
  } as unknown as LoggerInterface;
  return { logger, messages };
}

/** Data are inline: whatever asks for a file or an address is refused. */
function refusingLoader(): Loader {
  const refuse = (uri: string) => Promise.reject(new Error(`figure asks for: ${uri}. data must be inline`));
  return { load: refuse, sanitize: refuse, http: refuse, file: refuse } as unknown as Loader;
}
