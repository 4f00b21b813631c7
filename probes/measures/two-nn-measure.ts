import { nearestNeighbours } from "../neighbours/nearest-neighbours.ts";
import { squaredNorms } from "../products/gram-matrix.ts";
import type { CloudView } from "./cloud-view.ts";
import { type Measure, measureRow } from "./measure.ts";

const NAME = "intrinsic_dimension";

/** Of fewer ratios a straight line says nothing. */
const LEAST = 5;

/** The part of the ratios that is left out, the largest: as published. */
const DISCARDED = 0.1;

/**
 * TwoNN: the dimension of the cloud near its tokens, from the ratio of the distances to the second and the first nearest token
 * (Facco et al. 2017, doi:10.1038/s41598-017-11873-y). Its relative error is about 1/√n. No row where fewer than five tokens have a nearest one that is not themselves.
 */
export const twoNnMeasure: Measure = {
  name: NAME,
  about: "TwoNN intrinsic dimension",
  rows: (cloud) => measureRow(NAME, twoNn(cloud), {}),
  owns: (row) => row === NAME,
};

/** The dimension of a cloud by TwoNN; `null` where it cannot be said. Tokens that coincide with another are left out. */
export function twoNn(cloud: Pick<CloudView, "n" | "d" | "x" | "pairs">): number | null {
  if (cloud.n < LEAST) return null;
  const nearest = nearestNeighbours(cloud.pairs, squaredNorms(cloud), 2);
  // Distances from the coordinates: small ones drown in the rounding of inner products.
  const ratios = Array.from({ length: cloud.n }, (_, i) => {
    const [r1, r2] = [distance(cloud, i, nearest[2 * i]), distance(cloud, i, nearest[2 * i + 1])];
    return Math.max(r1, r2) / Math.min(r1, r2);
  });
  return dimensionOfRatios(ratios.filter(Number.isFinite));
}

/**
 * The slope of −ln(1 − F) over ln μ through the origin, F(μ_(i)) = i/N of the sorted ratios, the largest tenth left out.
 *
 * @param ratios - μ = r₂/r₁ ≥ 1, of each token.
 */
export function dimensionOfRatios(ratios: readonly number[]): number | null {
  const sorted = Float64Array.from(ratios).sort();
  const n = sorted.length;
  if (n < LEAST) return null;
  let [xy, xx] = [0, 0];
  for (let i = 0; i < Math.floor(n * (1 - DISCARDED)); i++) {
    const x = Math.log(sorted[i]);
    xy -= x * Math.log(1 - (i + 1) / n);
    xx += x * x;
  }
  return xx > 0 ? xy / xx : null;
}

function distance({ d, x }: Pick<CloudView, "d" | "x">, i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += (x[i * d + k] - x[j * d + k]) ** 2;
  return Math.sqrt(sum);
}
