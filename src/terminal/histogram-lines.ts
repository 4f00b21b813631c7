import type { LayerLabel } from "../../models/stream/hidden-states.ts";
import type { Histograms } from "../run/histograms.ts";
import { sparkline } from "../words/sparkline.ts";

/** Blocks of a line. */
const BLOCKS = 16;

/** Histograms of inner products as lines of blocks, one scale of products for all layers. */
export interface HistogramLines {
  /** Products from … to, over the blocks. */
  readonly range: readonly [number, number];
  readonly lines: ReadonlyMap<LayerLabel, string>;
}

/** Over all texts, each layer as high as its largest block. `null` where nothing was counted on common edges. */
export function histogramLines({ edges, texts }: Histograms): HistogramLines | null {
  const counts = new Map<LayerLabel, Float64Array>();
  for (const { layers } of texts) {
    for (const { layer, counts: own, edges: others } of layers) {
      if (others || layer === "final_norm") continue;
      const sums = counts.get(layer) ?? new Float64Array(own.length);
      for (const [k, count] of own.entries()) sums[k] += count;
      counts.set(layer, sums);
    }
  }
  const filled = [...counts.values()].flatMap((of) => [of.findIndex((c) => c > 0), of.findLastIndex((c) => c > 0)]);
  const [from, to] = [Math.min(...filled), Math.max(...filled) + 1];
  if (filled.length === 0 || from < 0) return null;
  const range = [edges[from]!, edges[to]!] as const;
  const lines = new Map([...counts].map(([layer, of]) => [layer, lineOf(of, edges, range)]));
  return { range, lines };
}

function lineOf(counts: Float64Array, edges: readonly number[], [lo, hi]: readonly [number, number]): string {
  const blocks = new Array<number>(BLOCKS).fill(0);
  for (const [k, count] of counts.entries()) {
    const middle = (edges[k]! + edges[k + 1]!) / 2;
    const place = Math.floor(((middle - lo) / (hi - lo)) * BLOCKS);
    if (place >= 0 && place < BLOCKS) blocks[place] += count;
  }
  // What is not empty is seen.
  return sparkline(
    blocks.map((count) => (count === 0 ? null : count)),
    [0, Math.max(...blocks)],
  );
}
