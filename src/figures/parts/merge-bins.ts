/** Histograms on shared edges, one list of probabilities a curve. */
export interface Binned {
  readonly edges: readonly number[];
  readonly curves: readonly (readonly number[])[];
}

/**
 * Joins neighbouring bins, equally many at a time (the last group may be smaller), until at most `most` are left:
 * a drawing needs no more bins than it has pixels. Probability is kept.
 */
export function mergeBins(binned: Binned, most: number): Binned {
  const bins = binned.edges.length - 1;
  const group = Math.ceil(bins / most);
  if (group <= 1) return binned;
  return {
    edges: binned.edges.filter((_, k) => k % group === 0 || k === bins),
    curves: binned.curves.map((curve) => grouped(curve, group)),
  };
}

function grouped(curve: readonly number[], group: number): readonly number[] {
  const sums = new Array<number>(Math.ceil(curve.length / group)).fill(0);
  for (let k = 0; k < curve.length; k++) sums[Math.floor(k / group)]! += curve[k]!;
  return sums;
}
