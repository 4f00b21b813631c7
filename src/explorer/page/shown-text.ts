import type { ExplorerText } from "./data-shape.ts";
import { decodeSeries, orderOf, type Series } from "./decode.ts";
import { firstBin } from "./draw-depth.ts";

/** A text that is shown, with its numbers read. */
export interface ShownText {
  readonly text: ExplorerText;
  /** The network, then what stands beside it. */
  readonly all: readonly Series[];
  /** By row of the network, the order in which matrices show the tokens. */
  readonly orders: readonly Uint16Array[];
  /** First bin that any series fills. */
  readonly firstBin: number;
}

/** Reads the numbers of a text. */
export function readText(text: ExplorerText, layers: number): ShownText {
  const all = text.series.map((series) => decodeSeries(series, text, layers));
  const network = all[0]!;
  return { text, all, orders: network.meanCosine.map((_, row) => orderOf(network, row)), firstBin: firstBin(all) };
}

/** What is not of a text, or of its run, in words; empty where all is here. */
export function leftOut({ n, shown }: ExplorerText, texts: number): string {
  const tokens = shown < n ? `The first ${shown} of ${n} tokens are here.` : "";
  const others = texts > 0 ? `${texts} further ${texts === 1 ? "text is" : "texts are"} left out here.` : "";
  return `${tokens} ${others}`.trim();
}
