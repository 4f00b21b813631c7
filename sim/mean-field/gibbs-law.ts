import { zonalKernel } from "./gegenbauer.ts";
import { type ZonalRule, zonalRule } from "./zonal-rule.ts";

/**
 * How a density that is symmetric about an axis makes its own potential. Where it rests, attention and diffusion balance at every angle:
 * μ ∝ exp(κΦ[μ]), Φ = Z[μ]/β for USA and (log Z[μ])/β for SA (R §7), up to constants.
 */
export interface RestModel {
  readonly dynamics: "sa" | "usa";
  /** Width, 2 for the circle. */
  readonly d: number;
  readonly beta: number;
  /** Points and masses that densities live on, and P_k on them: cos kθ at d = 2. */
  readonly rule: ZonalRule;
  /** Peaks of the density, p, 1 for d > 2: it repeats p times round the circle, and its moments are 0 but those of order p, 2p … */
  readonly peaks: number;
  /** N_jΛ_j/β for USA, N_jΛ_j/Λ_0 for SA (1/β of it at β = 0), degree jp, j = 1 … K at index j − 1; USA's times e^{−β}. */
  readonly weights: Float64Array;
  /** What was taken out of `weights`: κ times e^{this} goes with them. */
  readonly logScale: number;
}

/** Points on half a great circle. Symmetric densities on them: sums are exact up to degree 2·CELLS. */
export const CELLS = 384;

const RULES = new Map<number, ZonalRule>();

/** The rule of that width; made once. */
function ruleOf(d: number): ZonalRule {
  const known = RULES.get(d) ?? zonalRule(d, CELLS);
  RULES.set(d, known);
  return known;
}

/** cos jθ_g on the cells of the circle, θ_g = π(g + ½)/CELLS. Not to be changed. */
export function cosineRow(j: number): Float64Array {
  return ruleOf(2).row(j);
}

/** Largest degree in use: beyond, sums over cells are no longer exact. */
const MOST_DEGREE = CELLS / 2;

/**
 * @param peaks - ≥ 1, and 1 where d > 2.
 * @param d - ≥ 2.
 */
export function restModel(dynamics: "sa" | "usa", beta: number, peaks = 1, d = 2): RestModel {
  const kernel = zonalKernel(d, beta);
  const base = dynamics === "sa" ? kernel[0] : beta;
  const limit = peaks === 1 ? [1] : [];
  const found =
    beta === 0
      ? limit
      : Array.from(
          kernel.filter((_, k) => k > 0 && k % peaks === 0),
          (value) => value / base,
        );
  const weights = Float64Array.from(found.slice(0, MOST_DEGREE));
  return { dynamics, d, beta, rule: ruleOf(d), peaks, weights, logScale: dynamics === "usa" ? beta : 0 };
}

/** The potential on the cells; moment j moves it by `weight_j cos jθ` times `factor`. */
export interface Potential {
  readonly value: Float64Array;
  readonly factor: Float64Array;
}

/**
 * Φ less a constant, on cells of pθ.
 *
 * @param moments - Of order p, 2p … Kp. Not those of a density: values may be NaN.
 */
export function potentialOf({ dynamics, beta, rule, weights }: RestModel, moments: Float64Array): Potential {
  const z = new Float64Array(CELLS);
  for (let j = 1; j <= weights.length; j++) {
    const [row, size] = [rule.row(j), weights[j - 1] * moments[j - 1]];
    for (let g = 0; g < CELLS; g++) z[g] += size * row[g];
  }
  if (dynamics === "usa" || beta === 0) return { value: z, factor: new Float64Array(CELLS).fill(1) };
  return { value: z.map((value) => Math.log1p(value) / beta), factor: z.map((value) => 1 / (beta * (1 + value))) };
}

/** The probabilities of the points under exp(κΦ), κ scaled by e^{logScale}. */
export function gibbsLaw({ rule }: RestModel, potential: Float64Array, kappa: number): Float64Array {
  const most = potential.reduce((a, b) => Math.max(a, b));
  const law = potential.map((value, g) => rule.masses[g] * Math.exp(kappa * (value - most)));
  const total = law.reduce((a, b) => a + b);
  return law.map((value) => value / total);
}

/** ∫ P_j of a law on the points. */
export function zonalMoment({ rule }: RestModel, law: Float64Array, j: number): number {
  const row = rule.row(j);
  let sum = 0;
  for (let g = 0; g < CELLS; g++) sum += law[g] * row[g];
  return sum;
}

/**
 * ∫ P_k P_j of a law (of any mass) for k, j = 1 … size, `[size, size]`. On the circle a product of cosines is a sum of two.
 */
export function zonalProducts(model: RestModel, law: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  const moments =
    model.d === 2 ? Float64Array.from({ length: 2 * size + 1 }, (_, j) => zonalMoment(model, law, j)) : null;
  for (let k = 1; k <= size; k++) {
    for (let j = k; j <= size; j++) {
      const value = moments ? (moments[j - k] + moments[k + j]) / 2 : productOf(model.rule, law, k, j);
      out[(k - 1) * size + j - 1] = value;
      out[(j - 1) * size + k - 1] = value;
    }
  }
  return out;
}

function productOf(rule: ZonalRule, law: Float64Array, k: number, j: number): number {
  const [a, b] = [rule.row(k), rule.row(j)];
  let sum = 0;
  for (let g = 0; g < CELLS; g++) sum += law[g] * a[g] * b[g];
  return sum;
}
