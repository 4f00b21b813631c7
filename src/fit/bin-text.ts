import type { Cloud } from "../../probes/cloud.ts";
import { type BinnedText, type BinnedTrajectory, TIME_FACTORS } from "../alignment/binned-costs.ts";
import { binEdges, binNumbers, binWidths } from "../alignment/binned-pairs.ts";
import type { Contender } from "../alignment/contenders.ts";
import { measuredProducts, type SketchPlan } from "../alignment/quantile-sketch.ts";
import type { MovingFamily } from "../laws/families.ts";
import type { FitText } from "../trajectories/fit-text.ts";
import { visitSimulated } from "../trajectories/simulated-products.ts";

/** Bins are a hundred times wider. */
const TOLERANCE = 1e-4;

/** Simulates a text at every contender once more, for the values of single pairs. */
export async function binText(
  text: FitText,
  plan: SketchPlan,
  family: MovingFamily,
  contenders: readonly Contender[],
): Promise<BinnedText> {
  const products = text.clouds.map((cloud) => measuredProducts(plan, cloud));
  const edges = binEdges(products);
  const trajectories: BinnedTrajectory[] = [];
  for (const { beta, times, horizon } of contenders) {
    const wanted = times.slice(1).map((t) => TIME_FACTORS.map((f) => Math.min(t * f, horizon)));
    const distinct = [...new Set(wanted.flat())];
    const bins: Uint16Array[] = [];
    const bin = (i: number, cloud: Cloud): void => {
      bins[i] = binNumbers(measuredProducts(plan, cloud), edges);
    };
    await visitSimulated(text, family, beta, distinct, bin, { tolerance: TOLERANCE });
    trajectories.push({ bins, at: wanted.map((row) => row.map((t) => distinct.indexOf(t))) });
  }
  return {
    plan,
    tokens: text.n,
    width: binWidths(edges),
    observed: products.map((values) => binNumbers(values, edges)),
    contenders: trajectories,
  };
}
