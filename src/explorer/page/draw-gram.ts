import { type Board, drawKept, type Ink, paintCells } from "./canvas.ts";
import { amountColour, clusterColour, signedColour } from "./colours.ts";
import { gramCell, hasRow, type Series } from "./decode.ts";

/** The matrix of inner products of a row. */
export interface GramScene {
  readonly series: Series;
  readonly minus: Series | null;
  readonly row: number;
  /** Tokens in the order of the rows. */
  readonly order: Uint16Array;
  /** Names of their clusters. */
  readonly names: Int16Array;
  readonly token: number | null;
}

/** Width of the strip that shows the clusters. */
const STRIP = 7;

/** Draws the matrix, tokens in the order of the network's clusters, which a strip above and at the left shows. */
export function drawGram(board: Board, ink: Ink, scene: GramScene): void {
  const { g, width } = board;
  const { series, minus, row, order, names, token } = scene;
  if (!hasRow(series, row) || (minus && !hasRow(minus, row))) return;
  if (series.side === 0 || minus?.side === 0) {
    sayNone(board, ink);
    return;
  }
  drawKept(board, [series, minus, row, order, names, ink.dark], () => {
    drawProducts(board, ink, scene);
    drawStrips(board, scene);
  });
  if (token === null) return;
  const at = STRIP + ((order.indexOf(token) + 0.5) * (width - STRIP)) / order.length;
  g.strokeStyle = ink.warn;
  g.lineWidth = 1.5;
  g.beginPath();
  g.moveTo(STRIP, at);
  g.lineTo(width, at);
  g.moveTo(at, STRIP);
  g.lineTo(at, width);
  g.stroke();
}

function drawProducts(board: Board, ink: Ink, { series, minus, row }: GramScene): void {
  const inner = board.width - STRIP;
  const colour = (a: number, b: number) => {
    const value = gramCell(series, row, a, b);
    if (minus) return signedColour((value - gramCell(minus, row, a, b)) * 1.5, ink.dark);
    return value < 0 ? signedColour(value, ink.dark) : amountColour(value, ink.dark);
  };
  paintCells(board, series.side, series.side, colour, [STRIP, STRIP, inner, inner]);
}

/** Tokens of a cluster that follow each other are one piece of the strip. */
function drawStrips({ g, width }: Board, { order, names }: GramScene): void {
  const each = (width - STRIP) / order.length;
  for (let from = 0, to = 0; from < order.length; from = to) {
    const name = names[order[from]!]!;
    while (to < order.length && names[order[to]!] === name) to++;
    if (name < 0) continue;
    const long = Math.max(1, (to - from) * each);
    g.fillStyle = clusterColour(name);
    g.fillRect(STRIP + from * each, 0, long, STRIP - 2);
    g.fillRect(0, STRIP + from * each, STRIP - 2, long);
  }
}

/** Blocks of another run's tokens cannot be put into this order. */
function sayNone({ g }: Board, ink: Ink): void {
  g.fillStyle = ink.soft;
  g.font = "12px system-ui, sans-serif";
  g.fillText("not kept: its blocks are of other tokens", STRIP + 4, STRIP + 18);
}

/** The token of a row of the matrix. */
export function rowAt(y: number, width: number, order: Uint16Array): number | null {
  const place = Math.floor(((y - STRIP) / (width - STRIP)) * order.length);
  return order[place] ?? null;
}
