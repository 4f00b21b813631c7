import type { Board, Ink } from "./canvas.ts";
import { drawKept, paintCells } from "./canvas.ts";
import { amountColour, signedColour } from "./colours.ts";
import { BINS } from "./data-shape.ts";
import { hasRow, histogramOf, type Series } from "./decode.ts";

/** The frame of a heat map of all layers in its board. */
const LEFT = 30;
const FOOT = 20;
/** So much of a label lies above its middle: that of the first of many layers is not cut by the edge. */
const HALF_LETTER = 6;
/** Share of the pairs in one bin that has the strongest colour; its root is shown, so that tails are seen. */
const STRONGEST = 0.12;

/** All layers' histograms of inner products. */
export interface DepthScene {
  readonly series: Series;
  /** Subtracted from the series, where a difference is shown. */
  readonly minus: Series | null;
  /** Numbers of the layers. */
  readonly layers: readonly number[];
  /** Where the depth rests. */
  readonly rest: number;
  /** First bin that any series fills. */
  readonly from: number;
}

/** The first bin that is filled in any layer of any of these, less a margin. */
export function firstBin(all: readonly Series[]): number {
  const firsts = all.flatMap((series) =>
    series.meanCosine.map((_, row) => histogramOf(series, row).findIndex((share) => share > 0)),
  );
  return Math.max(0, Math.min(BINS / 2 - 2, ...firsts.filter((bin) => bin >= 0)) - 1);
}

/** Draws a heat map: a row a layer, the embedding above; inner products from left to right; the mean as a line. */
export function drawDepth(board: Board, ink: Ink, scene: DepthScene): void {
  const { series, minus, from } = scene;
  const right = (cosine: number) =>
    LEFT + (((cosine + 1) / 2 - from / BINS) / (1 - from / BINS)) * (board.width - LEFT);
  drawKept(board, [series, minus, from, ink.dark], () => drawMap(board, ink, scene, right));
  drawPlace(board, ink, scene);
}

function drawMap(board: Board, ink: Ink, scene: DepthScene, right: (cosine: number) => number): void {
  const { width, height } = board;
  const { series, minus, layers, from } = scene;
  const rows = layers.map((_, layer) => sharesOf(series, minus, layer));
  const area = [LEFT, 0, width - LEFT, height - FOOT] as const;
  const colour = (column: number, row: number) => {
    const share = rows[row]?.[from + column] ?? 0;
    const strong = Math.sqrt(Math.min(1, Math.abs(share) / STRONGEST));
    return minus ? signedColour(Math.sign(share) * strong, ink.dark) : amountColour(strong, ink.dark);
  };
  paintCells(board, BINS - from, layers.length, colour, area);
  drawMeans(board, series, ink.dark ? "#ffffff" : "#000000", right, layers.length, []);
  if (minus) drawMeans(board, minus, ink.dark ? "#ffffff" : "#000000", right, layers.length, [4, 3]);
  drawAxes(board, ink, scene, right);
}

function sharesOf(series: Series, minus: Series | null, layer: number): Float64Array | null {
  if (!hasRow(series, layer) || (minus && !hasRow(minus, layer))) return null;
  const other = minus && histogramOf(minus, layer);
  return histogramOf(series, layer).map((share, bin) => share - (other?.[bin] ?? 0));
}

function drawMeans(
  { g, height }: Board,
  { meanCosine }: Series,
  colour: string,
  right: (cosine: number) => number,
  layers: number,
  dash: readonly number[],
): void {
  g.setLineDash([...dash]);
  g.strokeStyle = colour;
  g.lineWidth = 1.6;
  g.beginPath();
  for (const [layer, mean] of meanCosine.slice(0, layers).entries()) {
    if (mean !== null) g.lineTo(right(mean), ((layer + 0.5) / layers) * (height - FOOT));
  }
  g.stroke();
  g.setLineDash([]);
}

/** Where the depth rests. */
function drawPlace({ g, width, height }: Board, ink: Ink, { layers, rest }: DepthScene): void {
  const tall = (height - FOOT) / layers.length;
  g.strokeStyle = ink.warn;
  g.lineWidth = 2;
  g.strokeRect(LEFT + 1, rest * tall + 1, width - LEFT - 2, Math.max(2, tall - 2));
}

function drawAxes(board: Board, ink: Ink, { layers }: DepthScene, right: (cosine: number) => number): void {
  const { g, width, height } = board;
  const tall = (height - FOOT) / layers.length;
  g.fillStyle = ink.soft;
  g.font = "11.5px system-ui, sans-serif";
  g.textBaseline = "middle";
  g.textAlign = "right";
  const every = Math.ceil(16 / tall);
  for (const [k, number] of layers.entries()) {
    if (k % every === 0) g.fillText(String(number), LEFT - 6, Math.max(HALF_LETTER, (k + 0.5) * tall));
  }
  g.textAlign = "center";
  for (const tick of [-0.5, 0, 0.5, 1]) {
    const x = right(tick);
    if (x >= LEFT) g.fillText(String(tick).replace("-", "−"), Math.min(x, width - 5), height - 8);
  }
  g.textAlign = "start";
}

/** The layer at a height of the heat map. */
export function layerAt(y: number, height: number, layers: number): number {
  return Math.max(0, Math.min(layers - 1, Math.floor((y / (height - FOOT)) * layers)));
}
