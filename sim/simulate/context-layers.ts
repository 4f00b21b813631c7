import { availableParallelism } from "node:os";
import { randomNormal } from "d3-random";
import type { RandomSource } from "../../models/random.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import { checkRange, checkWhole } from "../clouds/check-number.ts";
import { renormalize } from "../clouds/renormalize.ts";
import { DYNAMICS } from "../dynamics/dynamics-table.ts";
import { chooseEngine } from "../engines/choose-engine.ts";

/** Attention layers, one after the other and without residual branch, on a long context. */
export interface ContextLayersOptions {
  /** Tokens, ≥ 2. */
  readonly n: number;
  /** Width, ≥ 2. */
  readonly d: number;
  /** Mean inner product at the start, 0 ≤ ρ < 1. */
  readonly rho: number;
  /** β = γ log n. */
  readonly gamma: number;
  readonly layers: number;
}

/**
 * Mean cosines before and after each layer x_i ← A_i/‖A_i‖ of SA at β = γ log n (R §6.3), on a cloud that is equiangular but for the width:
 * x_i = √ρ e + √(1−ρ) u_i, u_i uniform across e, so that inner products spread by (1−ρ)/√(d−1) about ρ.
 *
 * @returns `layers` + 1 numbers.
 * @throws TokensphereError `usage` for numbers out of range, `environment` without an engine.
 */
export async function contextLayers(options: ContextLayersOptions, random: RandomSource): Promise<number[]> {
  const { n, d, rho, gamma, layers } = options;
  checkWhole("n", n, 2);
  checkWhole("d", d, 2);
  checkRange("rho", rho, 0, 1 - Number.EPSILON / 2);
  checkRange("gamma", gamma, 0);
  checkWhole("layers", layers, 1);
  const beta = gamma * Math.log(n);
  const x = spreadCloud(n, d, rho, random);
  const out = new Float64Array(n * d);
  const task = { dynamics: DYNAMICS.sa_preln, params: {}, n, d, beta };
  const engine = await chooseEngine("auto", task, 1, availableParallelism());
  const cosines = [meanCosine({ n, d, x })];
  try {
    for (let layer = 0; layer < layers; layer++) {
      await engine.velocity(x, Float64Array.of(beta), Float64Array.of(0), 1, out);
      renormalize(out, 0, n, d, x);
      cosines.push(meanCosine({ n, d, x }));
    }
  } finally {
    await engine.release();
  }
  return cosines;
}

function spreadCloud(n: number, d: number, rho: number, random: RandomSource): Float64Array {
  const normal = randomNormal.source(random)();
  const x = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const across = Float64Array.from({ length: d - 1 }, normal);
    const length = Math.hypot(...across);
    x[i * d] = Math.sqrt(rho);
    for (let k = 1; k < d; k++) x[i * d + k] = (Math.sqrt(1 - rho) * across[k - 1]) / length;
  }
  return x;
}
