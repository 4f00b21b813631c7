import { rowProducts } from "../../../probes/products/row-products.ts";
import { rowDots } from "../kernels/row-products.ts";
import type { TargetProducts } from "../kernels/target-products.ts";
import type { PredictedForms } from "./map-search.ts";
import type { RidgeStrength } from "./ridge-strength.ts";
import type { ScaleRule, TokenScales } from "./token-scales.ts";

/**
 * What is predicted, by products alone: A_i = Σ_j still_ij x_j + Σ_j weights_ij constant_j y_j, B_i = Σ_j weights_ij perUnit_j y_j,
 * the lengths of token j being those of token i's fold. n³ in place of n²d, for widths are above token counts.
 *
 * @param still `stillProducts` of both, the same for every rule.
 */
export function predictedForms(
  strength: RidgeStrength,
  rule: ScaleRule,
  target: TargetProducts,
  still: Float64Array,
): PredictedForms | null {
  const { m, own } = target;
  const scales = foldScales(strength, rule, target);
  if (!scales) return null;
  const toUnit = scaled(strength, scales, "perUnit", m);
  const unit = rowProducts(toUnit, own, m, m, m);
  const forms = {
    ay: diagonal(still, m),
    by: diagonal(unit, m),
    aa: strength.stillSquared.slice(),
    ab: rowDots(still, toUnit, m),
    bb: rowDots(unit, toUnit, m),
  };
  if (scales.some(({ constant }) => constant !== null)) {
    const toConstant = scaled(strength, scales, "constant", m);
    const constant = rowProducts(toConstant, own, m, m, m);
    const square = rowDots(constant, toConstant, m);
    const cross = rowDots(still, toConstant, m);
    const between = rowDots(constant, toUnit, m);
    for (let i = 0; i < m; i++) {
      forms.aa[i] += 2 * cross[i] + square[i];
      forms.ab[i] += between[i];
      forms.ay[i] += constant[i * m + i];
    }
  }
  return forms;
}

/** `[m, m]`: ⟨Σ_j still_ij x_j, y_k⟩. */
export function stillProducts({ still }: RidgeStrength, { m, crossed }: TargetProducts): Float64Array {
  return rowProducts(still, crossed, m, m, m);
}

function foldScales({ folds }: RidgeStrength, rule: ScaleRule, target: TargetProducts): TokenScales[] | null {
  const out: TokenScales[] = [];
  for (const fold of folds) {
    const scales = rule(fold, target);
    if (!scales) return null;
    out.push(scales);
  }
  return out;
}

/** Weights times lengths: what each prediction takes of each y. */
function scaled({ folds, weights }: RidgeStrength, scales: TokenScales[], which: keyof TokenScales, m: number) {
  const out = weights.slice();
  folds.forEach(({ held, train }, f) => {
    const by = scales[f][which];
    for (const i of held) for (let j = 0; j < train.length; j++) out[i * m + train[j]] *= by?.[j] ?? 0;
  });
  return out;
}

function diagonal(a: Float64Array, m: number): Float64Array {
  return Float64Array.from({ length: m }, (_, i) => a[i * m + i]);
}
