import type { Histograms, LayerHistogram, TextHistograms } from "../run/histograms.ts";

/** What is kept of histograms that come text after text. */
export interface KeptHistograms {
  add(text: TextHistograms): void;
  kept(): Histograms;
}

/** Keeps those of every text. Edges are those of all layers; layers with others carry their own. */
export function allHistograms(edges: readonly number[]): KeptHistograms {
  const texts: TextHistograms[] = [];
  return {
    add: (text) => void texts.push(text),
    kept: () => ({ format: "tokensphere/histograms", version: 1, edges, texts }),
  };
}

/**
 * Keeps a text's own histograms where there is one; of several, which have the same layers, each has its size and, in the place of
 * its counts, the mean. Every text weighs the same, however many pairs it has.
 */
export function runningHistograms(edges: readonly number[]): KeptHistograms {
  const sizes: { readonly text: number; readonly n: number; readonly d: number }[] = [];
  let first: TextHistograms | null = null;
  let sums: Float64Array[] = [];
  return {
    add(histograms) {
      const { text, n, d, layers } = histograms;
      first ??= histograms;
      sizes.push({ text, n, d });
      if (sizes.length === 1) sums = layers.map(({ counts }) => new Float64Array(counts.length));
      layers.forEach(({ counts }, k) => {
        addShares(sums[k], counts);
      });
    },
    kept() {
      const layers = sizes.length === 1 && first ? first.layers : meanLayers(first?.layers ?? [], sums, sizes.length);
      const texts = sizes.map((size) => ({ ...size, layers }));
      return { format: "tokensphere/histograms", version: 1, edges, texts };
    },
  };
}

/** Adds counts as shares of their sum; layers with bins of their own, which no figure draws, are left out. */
function addShares(sums: Float64Array | undefined, counts: readonly number[]): void {
  const total = counts.reduce((a, b) => a + b, 0);
  if (!sums || sums.length !== counts.length || total === 0) return;
  for (let k = 0; k < sums.length; k++) sums[k] += counts[k] / total;
}

function meanLayers(like: readonly LayerHistogram[], sums: readonly Float64Array[], texts: number): LayerHistogram[] {
  return like.map((layer, k) => ({ ...layer, counts: Array.from(sums[k], (sum) => sum / texts) }));
}
