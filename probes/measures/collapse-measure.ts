import { largest, sum } from "../numerics/vectors.ts";
import { meanVector } from "../policy/center-cloud.ts";
import { squaredNorms } from "../products/gram-matrix.ts";
import type { CloudView } from "./cloud-view.ts";
import { type Measure, measureRow } from "./measure.ts";

const NAME = "collapse_residual";

/** What is left of a token once it has lost all but this part of the longest one is rounding. */
const rounding = 1e-13;

/**
 * ‖X − 1x̄ᵀ‖_F/‖X‖_F, 0 … 1: how much of the cloud is left beside its mean. 0 is rank collapse to one point (the residual of Dong,
 * Cordonnier and Loukas 2021, arXiv:2103.03404, in the Frobenius norm and by size). Of unit tokens its square is
 * 1 − ‖mean of the tokens‖².
 */
export const collapseMeasure: Measure = {
  name: NAME,
  about: "share of the Frobenius norm that is left when the mean is subtracted",
  rows: (cloud) => measureRow(NAME, collapseResidual(cloud), floorOf(cloud)),
  owns: (row) => row === NAME,
};

/** Of no length at all `null`. */
export function collapseResidual(cloud: Pick<CloudView, "n" | "d" | "x">): number | null {
  const squares = squaredNorms(cloud);
  const whole = sum(squares);
  if (!(whole > 0)) return null;
  const negligible = rounding ** 2 * largest(squares);
  const left = squaredDistances(cloud, meanVector(cloud)).map((square) => (square > negligible ? square : 0));
  return Math.sqrt(sum(left) / whole);
}

/** ‖x_i − point‖² of every token. */
function squaredDistances({ n, d, x }: Pick<CloudView, "n" | "d" | "x">, point: Float64Array): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let k = 0; k < d; k++) square += (x[i * d + k] - point[k]) ** 2;
    out[i] = square;
  }
  return out;
}

/** Of n independent uniform tokens ‖mean‖² is 1/n on average. */
function floorOf({ n, hasFloor }: CloudView): Readonly<Record<string, number>> {
  return hasFloor ? { [NAME]: Math.sqrt(1 - 1 / n) } : {};
}
