import type { Cloud64 } from "../../../probes/cloud.ts";
import { scale } from "../../../probes/numerics/vectors.ts";
import { rowProducts } from "../../../probes/products/row-products.ts";
import { rowsOf } from "../../../probes/products/rows-of.ts";
import { allFolds, type Fold, tokenFolds } from "../kernels/folds.ts";
import { meanChord } from "../kernels/mean-chord.ts";
import { once } from "../kernels/once.ts";
import { ownProducts } from "../kernels/row-products.ts";
import type { TargetProducts } from "../kernels/target-products.ts";
import { unitRow } from "../kernels/unit-rows.ts";
import { bestSigma, descend, LAMBDAS } from "./map-search.ts";
import { predictedForms, stillProducts } from "./predicted-forms.ts";
import { type RidgeStrength, ridgeStrength, withIntercept } from "./ridge-strength.ts";
import { type RidgeFold, ridgeInverse } from "./ridge-weights.ts";
import { equalScales, freeScales, type ScaleRule } from "./token-scales.ts";

const RULES: readonly ScaleRule[] = [equalScales, freeScales];

/** For each rule the index of the strength that was last found: what follows is searched from there. */
export type LastFound = (number | null)[];

export function nothingFound(): LastFound {
  return RULES.map(() => null);
}

interface Choice {
  readonly index: number;
  readonly rule: ScaleRule;
  readonly sigma: number;
  readonly chord: number;
}

/**
 * Fits token-wise maps from x to other clouds of the same tokens: x ↦ (1 + A)x + b, of which the direction counts. A ridge on the
 * displacement (A, b), in dual form; so it shrinks to what moves nothing. Its strength, the rule for the lengths of targets
 * and their mean σ are those at which tokens that were left out are hit best; the prediction of a token is by a fit, lengths
 * included, that saw nothing of where that token goes.
 *
 * @returns the predicted cloud for a target y; x itself where no map comes closer. Targets that follow each other, such as
 * layers, are searched one from where the last was found.
 *
 * @param starts written over.
 */
export function tokenMapper(x: Cloud64, starts: LastFound = nothingFound()): (y: Cloud64) => Cloud64 {
  const { sample, folds, rest } = tokenFolds(x.n);
  const m = sample.length;
  const xs: Cloud64 = { n: m, d: x.d, x: rowsOf(x, sample) };
  const gram = ownProducts(xs.x, m, x.d);
  const inSample = folds.map((fold) => positionsIn(fold, sample));
  const strengthAt = once((index: number) => ridgeStrength(gram, m, LAMBDAS[index], inSample));
  return (y) => {
    const ys: Cloud64 = { ...xs, x: rowsOf(y, sample) };
    const target = { m, crossed: rowProducts(ys.x, xs.x, m, m, x.d), own: ownProducts(ys.x, m, x.d) };
    const ridgeAt = once((index: number) => {
      const strength = strengthAt(index);
      return strength && { strength, still: stillProducts(strength, target) };
    });
    const choices: Choice[] = [];
    for (const [r, rule] of RULES.entries()) {
      // What suits one rule is near what suits the other.
      const choice = search(ridgeAt, rule, target, starts[r] ?? choices[0]?.index ?? null);
      choices.push(choice);
      starts[r] = choice.index;
    }
    const best = choices.reduce((a, b) => (b.chord < a.chord ? b : a));
    const strength = strengthAt(best.index);
    const out = { ...x, x: x.x.slice() };
    if (!strength || !(best.chord < meanChord(xs, ys))) return out;
    const parts = rest ? [...strength.folds, restFold(x, xs, gram, strength.lambda)] : strength.folds;
    parts.forEach((part, p) => {
      if (part) move(part, allFolds({ sample, folds, rest })[p].held, best, { target, xs, ys }, out);
    });
    for (let i = 0; i < x.n; i++) unitRow(out.x, x.d, i, x.x);
    return out;
  };
}

/** The best strength for one rule. */
function search(
  ridgeAt: (index: number) => { readonly strength: RidgeStrength; readonly still: Float64Array } | null,
  rule: ScaleRule,
  target: TargetProducts,
  start: number | null,
): Choice {
  const sigmaAt = once((index: number) => {
    const ridge = ridgeAt(index);
    const forms = ridge && predictedForms(ridge.strength, rule, target, ridge.still);
    return forms ? bestSigma(forms) : { sigma: 1, chord: Number.POSITIVE_INFINITY };
  });
  const index = descend(LAMBDAS.length, start, (i) => sigmaAt(i).chord);
  return { index, rule, ...sigmaAt(index) };
}

/** Adds to the tokens `held` of `out` what a fold predicts: Σ_j weights_ij (s_j y_j − x_j). */
function move(
  fold: RidgeFold,
  held: Int32Array,
  { rule, sigma }: Choice,
  { target, xs, ys }: { readonly target: TargetProducts; readonly xs: Cloud64; readonly ys: Cloud64 },
  out: Cloud64,
): void {
  const { d } = out;
  const { weights, train } = fold;
  const t = train.length;
  const scales = rule(fold, target);
  if (!scales) return;
  const coordinates = new Float64Array(d * t);
  for (let j = 0; j < t; j++) {
    const s = (scales.constant?.[j] ?? 0) + sigma * scales.perUnit[j];
    const from = train[j] * d;
    for (let k = 0; k < d; k++) coordinates[k * t + j] = s * ys.x[from + k] - xs.x[from + k];
  }
  const moves = rowProducts(weights, coordinates, held.length, d, t);
  held.forEach((i, a) => {
    for (let k = 0; k < d; k++) out.x[i * d + k] += moves[a * d + k];
  });
}

/** The fit to the whole sample, for the tokens outside of it; `train` in positions of the sample. */
function restFold(x: Cloud64, xs: Cloud64, gram: Float64Array, lambda: number): RidgeFold | null {
  const m = xs.n;
  const { rest } = tokenFolds(x.n);
  const inverse = ridgeInverse(withIntercept(gram), m, lambda);
  if (!inverse || !rest) return null;
  const h = rest.held.length;
  const kernel = withIntercept(rowProducts(rowsOf(x, rest.held), xs.x, h, m, x.d));
  const weights = rowProducts(kernel, inverse, h, m, m);
  return {
    held: rest.held,
    train: Int32Array.from({ length: m }, (_, s) => s),
    weights,
    left: () => scale(inverse, lambda),
  };
}

/** A fold in positions of the sample. */
function positionsIn({ held, train }: Fold, sample: Int32Array): Fold {
  const place = new Map(Array.from(sample, (i, s) => [i, s] as const));
  const of = (tokens: Int32Array) => tokens.map((i) => place.get(i) ?? -1);
  return { held: of(held), train: of(train) };
}
