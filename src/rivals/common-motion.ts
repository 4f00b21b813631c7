import { type Cloud, type Cloud64, toCloud64 } from "../../probes/cloud.ts";
import { addScaled } from "../../probes/numerics/vectors.ts";
import { transpose } from "../../probes/products/gram-matrix.ts";
import { rowProducts } from "../../probes/products/row-products.ts";
import { rowsOf } from "../../probes/products/rows-of.ts";
import { type Combination, commonVectors } from "./common-vector.ts";
import { type Folds, tokenFolds } from "./kernels/folds.ts";
import { meanChord } from "./kernels/mean-chord.ts";
import { ownProducts } from "./kernels/row-products.ts";
import { unitRow } from "./kernels/unit-rows.ts";
import { predictedClouds } from "./predicted-clouds.ts";
import type { Rival } from "./rival.ts";

/**
 * One vector a layer, added to every token and fitted on other tokens. Two readings of "a layer" are tried, and each layer has
 * the one that comes closer: one vector since the first layer, or one a step, laid upon what the steps before made.
 */
export const commonMotion: Rival = {
  name: "common_motion",
  label: "one vector a layer added to all tokens",
  about: "one vector a layer is added to all tokens, fitted on other tokens",
  competes: true,
  predict({ n, clouds }) {
    if (n < 2) return predictedClouds([clouds[0]]);
    const folds = tokenFolds(n);
    const observed = clouds.map((cloud) => sampled(toCloud64(cloud), folds));
    const [first] = observed;
    const predicted = [first.cloud];
    let stepwise = first.cloud;
    for (let k = 1; k < observed.length; k++) {
      const { cloud } = observed[k];
      stepwise = addVectors(stepwise, observed[k - 1], observed[k], folds);
      const atOnce = k === 1 ? stepwise : addVectors(first.cloud, first, observed[k], folds);
      predicted.push(meanChord(stepwise, cloud) < meanChord(atOnce, cloud) ? stepwise : atOnce);
    }
    return predictedClouds(predicted);
  },
};

/**
 * One update by common motion: where each token of x goes when the vector that suits the other tokens' steps from x to y is
 * added.
 *
 * @returns `null` where there is no other token.
 */
export function commonMotionStep(x: Cloud, y: Cloud): Cloud | null {
  if (x.n < 2) return null;
  const folds = tokenFolds(x.n);
  const from = sampled(toCloud64(x), folds);
  return addVectors(from.cloud, from, sampled(toCloud64(y), folds), folds);
}

interface Sampled {
  readonly cloud: Cloud64;
  /** `[m, d]`: the tokens that take part in fits. */
  readonly rows: Float64Array;
  /** `[m, m]`: their inner products. */
  readonly gram: Float64Array;
}

function sampled(cloud: Cloud64, { sample }: Folds): Sampled {
  const rows = rowsOf(cloud, sample);
  return { cloud, rows, gram: ownProducts(rows, sample.length, cloud.d) };
}

/** Adds to each token of `start` the vector that leads from x to y, fitted without that token. */
function addVectors(start: Cloud64, x: Sampled, y: Sampled, { sample, folds, rest }: Folds): Cloud64 {
  const { n, d } = start;
  const m = sample.length;
  const crossed = rowProducts(y.rows, x.rows, m, m, d);
  const back = transpose({ n: m, d: m, x: crossed }).x;
  const problem = { m, gram: x.gram, crossed, back, own: y.gram };
  const [all] = commonVectors(problem, [new Float64Array(m).fill(1)]);
  const counted = folds.map(({ held }) => Float64Array.from(sample, (i) => (held.includes(i) ? 0 : 1)));
  const found = commonVectors(problem, counted, all);
  const out = { n, d, x: start.x.slice() };
  const add = (held: Int32Array, c: Combination) => addTo(out, held, combined(c, x.rows, y.rows, d));
  folds.forEach(({ held }, f) => {
    add(held, found[f]);
  });
  if (rest) add(rest.held, all);
  for (let i = 0; i < n; i++) unitRow(out.x, d, i, start.x);
  return out;
}

function addTo({ d, x }: Cloud64, tokens: Int32Array, c: Float64Array): void {
  for (const i of tokens) for (let k = 0; k < d; k++) x[i * d + k] += c[k];
}

function combined({ onX, onY }: Combination, x: Float64Array, y: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d);
  for (let j = 0; j < onX.length; j++) {
    addScaled(out, x.subarray(j * d, (j + 1) * d), onX[j]);
    addScaled(out, y.subarray(j * d, (j + 1) * d), onY[j]);
  }
  return out;
}
