import { onPaper } from "./paper.ts";

/** A canvas ready to be drawn on, in CSS pixels. */
export interface Board {
  readonly g: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
}

/** Colours of the page, which follow light and dark. */
export interface Ink {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly ground: string;
  readonly mark: string;
  readonly warn: string;
  readonly dark: boolean;
}

/** Pixels of a canvas for one of CSS on paper: 300 an inch, near enough. */
const PAPER_FINE = 3;

/** Reads the page's colours. */
export function readInk(): Ink {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour("ink"),
    soft: colour("soft"),
    line: colour("line"),
    ground: colour("ground"),
    mark: colour("mark"),
    warn: colour("warn"),
    dark: matchMedia("(prefers-color-scheme: dark)").matches && !onPaper(),
  };
}

/** How large canvases are, in CSS pixels. To ask a page that has just changed has it laid out anew, so it is asked once a size. */
let sizes = new WeakMap<HTMLCanvasElement, readonly [width: number, height: number]>();

/** Has the sizes of all canvases asked for anew. */
export function forgetSizes(): void {
  sizes = new WeakMap();
}

function sizeOf(canvas: HTMLCanvasElement): readonly [width: number, height: number] {
  const known = sizes.get(canvas) ?? ([canvas.clientWidth, canvas.clientHeight] as const);
  sizes.set(canvas, known);
  return known;
}

/** Clears a canvas and makes it as fine as the screen, or as paper. `null` where it is not shown. */
export function boardOf(canvas: HTMLCanvasElement): Board | null {
  const [width, height] = sizeOf(canvas);
  const g = canvas.getContext("2d");
  if (!g || width === 0 || height === 0) return null;
  const fine = onPaper() ? PAPER_FINE : Math.max(1, devicePixelRatio);
  const [wide, high] = [Math.round(width * fine), Math.round(height * fine)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  g.setTransform(fine, 0, 0, fine, 0, 0);
  g.clearRect(0, 0, width, height);
  return { g, width, height };
}

/** A picture of cells before it is drawn large: its pixels as the scales of colours have them. */
interface Cells {
  readonly small: OffscreenCanvas;
  readonly picture: ImageData;
  readonly pixels: Uint32Array;
}

/** One of each size: they are filled and drawn at once. */
const CELLS = new Map<string, Cells>();

function cellsOf(columns: number, rows: number): Cells {
  const size = `${columns} ${rows}`;
  const known = CELLS.get(size);
  if (known) return known;
  const picture = new ImageData(columns, rows);
  const pixels = new Uint32Array(picture.data.buffer);
  const made = { small: new OffscreenCanvas(columns, rows), picture, pixels };
  CELLS.set(size, made);
  return made;
}

/** Draws cells of colour, row by row, into a rectangle of a board: no smoothing, each cell is seen. */
export function paintCells(
  { g }: Board,
  columns: number,
  rows: number,
  colour: (column: number, row: number) => number,
  [x, y, width, height]: readonly [number, number, number, number],
): void {
  const { small, picture, pixels } = cellsOf(columns, rows);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) pixels[at++] = colour(column, row);
  }
  small.getContext("2d")?.putImageData(picture, 0, 0);
  g.imageSmoothingEnabled = false;
  g.drawImage(small, x, y, width, height);
}

/** What was last drawn of each canvas, and from what. */
const KEPT = new WeakMap<HTMLCanvasElement, { readonly from: readonly unknown[]; readonly picture: OffscreenCanvas }>();

/** Draws what follows from these values alone; where they are those of the last time, as a copy of what was drawn then. */
export function drawKept({ g, width, height }: Board, from: readonly unknown[], draw: () => void): void {
  const { canvas } = g;
  const kept = KEPT.get(canvas);
  const all = [...from, canvas.width, canvas.height];
  if (kept && all.every((value, k) => value === kept.from[k])) {
    g.drawImage(kept.picture, 0, 0, width, height);
    return;
  }
  draw();
  const picture = kept?.picture ?? new OffscreenCanvas(canvas.width, canvas.height);
  picture.width = canvas.width; // Clears it too.
  picture.height = canvas.height;
  picture.getContext("2d")?.drawImage(canvas, 0, 0);
  KEPT.set(canvas, { from: all, picture });
}
