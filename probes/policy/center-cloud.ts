import { TokensphereError } from "../../models/errors.ts";
import { type Cloud, type Cloud64, toCloud64 } from "../cloud.ts";
import { tokenNorms } from "../products/norms.ts";
import { principalDirections } from "../spectrum/principal-directions.ts";
import { type Centering, removedDirections } from "./policy.ts";

/** What is left of a vector once it has lost all but this part of its length is rounding, not a direction. */
const rounding = 1e-13;

/**
 * The cloud less its mean (`mean`), or less its mean and its k principal directions (`abtt:k`; Mu and Viswanath,
 * "All-but-the-Top", arXiv:1702.01417). A token that coincides with the mean becomes exactly zero.
 * Throws `input` where k leaves nothing.
 */
export function centerCloud(cloud: Cloud, center: Centering): Cloud64 {
  const out = toCloud64(cloud);
  if (center === "none") return out;
  const before = tokenNorms(out).reduce((a, b) => Math.max(a, b), 0);
  subtractMean(out);
  const k = removedDirections(center);
  if (k > 0 && k >= Math.min(out.n - 1, out.d)) {
    const size = `${out.n} tokens in ${out.d} dimensions`;
    throw new TokensphereError("input", `center abtt:${k}: nothing is left of ${size}. choose a smaller k`);
  }
  if (k > 0) for (const v of principalDirections(out, k)) subtractProjection(out, v);
  flushRounding(out, before * rounding);
  return out;
}

/** Mean vector of the cloud, length d. */
export function meanVector({ n, d, x }: Cloud): Float64Array {
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) mean[k] += x[i * d + k];
  for (let k = 0; k < d; k++) mean[k] /= n;
  return mean;
}

function subtractMean(cloud: Cloud64): void {
  const { n, d, x } = cloud;
  const mean = meanVector(cloud);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) x[i * d + k] -= mean[k];
}

function subtractProjection({ n, d, x }: Cloud64, v: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let s = 0;
    for (let k = 0; k < d; k++) s += x[i * d + k] * v[k];
    for (let k = 0; k < d; k++) x[i * d + k] -= s * v[k];
  }
}

function flushRounding(cloud: Cloud64, threshold: number): void {
  const { d, x } = cloud;
  tokenNorms(cloud).forEach((norm, i) => {
    if (norm <= threshold) x.fill(0, i * d, (i + 1) * d);
  });
}
