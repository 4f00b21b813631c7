import { option, TokensphereError } from "../../models/errors.ts";
import { type Cloud, type Cloud64, toCloud64 } from "../cloud.ts";
import { tokenNorms } from "../products/norms.ts";
import type { Normalization } from "./policy.ts";

/** What is left of a vector once it has lost all but this part of its length is rounding, not a direction. */
const rounding = 1e-13;

/** Says where token i of a cloud comes from, for messages: "text 0, layer 3, token 5". */
export type TokenName = (i: number) => string;

/**
 * The cloud with each token brought to length 1 (`l2`), to mean 0 and variance 1 over its coordinates (`layernorm`,
 * no affine part, so length √d), each coordinate brought to mean 0 and variance 1 over the tokens and then each token to length 1
 * (`standardize`; a coordinate that is the same in all of them becomes 0), or left as it is. Throws `input` where a token has no direction.
 */
export function normalizeCloud(cloud: Cloud, normalize: Normalization, name?: TokenName): Cloud64 {
  return normalizeInPlace(toCloud64(cloud), normalize, name);
}

/** The same on the cloud itself, which is changed and returned. */
export function normalizeInPlace(cloud: Cloud64, normalize: Normalization, name: TokenName = plainName): Cloud64 {
  if (normalize === "none") return cloud;
  const before = tokenNorms(cloud);
  if (normalize === "layernorm") subtractCoordinateMeans(cloud);
  if (normalize === "standardize") standardizeCoordinates(cloud);
  const norms = normalize === "l2" ? before : tokenNorms(cloud);
  const least = normalize === "standardize" ? 0 : rounding; // Standardizing has left no rounding.
  const zero = norms.findIndex((norm, i) => !(norm > before[i] * least));
  if (zero >= 0) {
    const remedy = `use ${option("normalize", "none")}, or leave the token out`;
    throw new TokensphereError("input", `${name(zero)}: a zero vector has no direction under ${normalize}. ${remedy}`);
  }
  scaleRows(cloud, norms, normalize === "layernorm" ? Math.sqrt(cloud.d) : 1);
  return cloud;
}

function plainName(i: number): string {
  return `token ${i}`;
}

function scaleRows({ d, x }: Cloud64, norms: Float64Array, length: number): void {
  for (let i = 0; i < norms.length; i++) {
    const scale = length / norms[i];
    const end = (i + 1) * d;
    for (let p = i * d; p < end; p++) x[p] *= scale;
  }
}

function subtractCoordinateMeans({ n, d, x }: Cloud64): void {
  for (let i = 0; i < n; i++) {
    const row = x.subarray(i * d, (i + 1) * d);
    const mean = row.reduce((a, b) => a + b, 0) / d;
    for (let k = 0; k < d; k++) row[k] -= mean;
  }
}

/** What is left of a coordinate that has lost all but rounding is exactly 0. */
function standardizeCoordinates({ n, d, x }: Cloud64): void {
  for (let k = 0; k < d; k++) {
    let [mean, largest] = [0, 0];
    for (let p = k; p < n * d; p += d) {
      mean += x[p] / n;
      largest = Math.max(largest, Math.abs(x[p]));
    }
    let variance = 0;
    for (let p = k; p < n * d; p += d) {
      const less = x[p] - mean;
      x[p] = Math.abs(less) > largest * rounding ? less : 0;
      variance += x[p] ** 2 / n;
    }
    const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
    for (let p = k; p < n * d; p += d) x[p] *= scale;
  }
}
