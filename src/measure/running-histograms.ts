import type { Histograms, LayerHistogram, TextHistograms } from "../run/histograms.ts";

/** Histograms of text after text, of which the mean is kept: every text weighs the same, however many pairs it has. */
export interface RunningHistograms {
  add(text: TextHistograms): void;
  /** A text's own histograms where there is one; of several, each has its size and, in the place of its counts, the mean. */
  kept(): Histograms;
}

/** A mean with nothing in it yet; all texts have the same layers. */
export function runningHistograms(edges: readonly number[]): RunningHistograms {
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
