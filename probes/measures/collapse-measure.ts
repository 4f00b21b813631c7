import { sum } from "../numerics/vectors.ts";
import { centerCloud } from "../policy/center-cloud.ts";
import { squaredNorms } from "../products/gram-matrix.ts";
import type { CloudView } from "./cloud-view.ts";
import { type Measure, measureRow } from "./measure.ts";

const NAME = "collapse_residual";

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
  const whole = sum(squaredNorms(cloud));
  return whole > 0 ? Math.sqrt(sum(squaredNorms(centerCloud(cloud, "mean"))) / whole) : null;
}

/** Of n independent uniform tokens ‖mean‖² is 1/n on average. */
function floorOf({ n, hasFloor }: CloudView): Readonly<Record<string, number>> {
  return hasFloor ? { [NAME]: Math.sqrt(1 - 1 / n) } : {};
}
