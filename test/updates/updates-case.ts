import { randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Cloud64 } from "../../probes/cloud.ts";
import { normalizeCloud } from "../../probes/policy/normalize-cloud.ts";
import { resolvePolicy } from "../../probes/policy/policy.ts";
import { measureUpdates, type UpdatesOptions } from "../../src/updates/measure-updates.ts";

/** Unit tokens around a common direction; `spread` 1 and more: all over the sphere. */
export function unitCloud(n: number, d: number, seed: number, spread = 1): Cloud64 {
  const random = randomSource(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const x = Float64Array.from({ length: n * d }, (_, p) => spread * normal() + (p % d === 0 ? 1 : 0));
  return normalizeCloud({ n, d, x }, "l2");
}

/** The tokens after a step of length `time` along velocities, back on the sphere. */
export function moved({ n, d, x }: Cloud64, v: Float64Array, time: number): Cloud64 {
  const y = x.map((value, p) => value + time * v[p]);
  return normalizeCloud({ n, d, x: y }, "l2");
}

/** Naive SA at β: P_{x_i} Σ_j softmax_j(β⟨x_i, x_j⟩) x_j. */
export function saVelocity({ n, d, x }: Cloud64, beta: number): Float64Array {
  const v = new Float64Array(n * d);
  const row = (i: number) => x.subarray(i * d, (i + 1) * d);
  const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, k) => sum + value * b[k], 0);
  for (let i = 0; i < n; i++) {
    const weights = Array.from({ length: n }, (_, j) => Math.exp(beta * (product(row(i), row(j)) - 1)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const own = v.subarray(i * d, (i + 1) * d);
    for (let j = 0; j < n; j++) for (let k = 0; k < d; k++) own[k] += (weights[j] / total) * x[j * d + k];
    const radial = product(own, row(i));
    for (let k = 0; k < d; k++) own[k] -= radial * x[i * d + k];
  }
  return v;
}

/** Clouds as the layers of one text; nothing is known of special tokens. */
export function statesOf(clouds: readonly Cloud64[]): HiddenStates {
  const [{ n, d }] = clouds;
  const layers = clouds.map(({ x }, layer) => ({ layer, x: Float32Array.from(x) }));
  return { batch: 1, n, d, layers, mask: new Uint8Array(n).fill(1), special: null, tokens: null };
}

/** The rows of one text. */
export function rowsFor(clouds: readonly Cloud64[], options: UpdatesOptions) {
  return measureUpdates(statesOf(clouds), 0, options, { policy: resolvePolicy() });
}
