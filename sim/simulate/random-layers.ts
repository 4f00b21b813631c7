import { randomNormal } from "d3-random";
import { randomSource } from "../../models/random.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import { checkBeta, checkRange, checkWhole } from "../clouds/check-number.ts";
import { renormalize } from "../clouds/renormalize.ts";
import { uniformCloud } from "../clouds/uniform-cloud.ts";
import type { NormScheme } from "../dynamics/dynamics.ts";
import { residualStep } from "./layer-steps.ts";
import { type RandomBranch, randomAttention, randomMlp } from "./random-branches.ts";

/** A transformer of one head with new random matrices in each layer, under several schemes that share start and matrices. */
export interface RandomLayersOptions {
  readonly schemes: readonly NormScheme[];
  readonly n: number;
  readonly d: number;
  readonly beta: number;
  /** The factor of the residual branches, > 0. */
  readonly step: number;
  readonly layers: number;
  /** Independent starts and matrices, of the seeds from `firstSeed` on. */
  readonly copies: number;
  readonly firstSeed: number;
  readonly alpha?: number | undefined;
  readonly tau?: number | undefined;
  /** Hidden units of the MLP after attention, a residual branch of its own under the same scheme. Left out: attention alone. */
  readonly mlp?: number | undefined;
}

/**
 * Mean cosines of random transformers by layer (R Figure 4; KGPR25): uniform tokens, matrices as `randomAttention` and `randomMlp` draw
 * them, layers as in `layerSteps`. Branches are computed in float32, for all schemes at once.
 *
 * @param progress - Called with the fraction of the work done.
 * @returns `[scheme][layer][copy]`, layer 0 the start.
 * @throws TokensphereError `usage` for numbers out of range, `environment` without an engine.
 */
export async function randomLayers(
  options: RandomLayersOptions,
  progress: (fraction: number) => void = () => {},
): Promise<number[][][]> {
  const { schemes, n, d, beta, step, layers, copies, firstSeed, mlp } = options;
  for (const [name, value] of Object.entries({ n, d, layers, copies })) checkWhole(name, value, name === "n" ? 2 : 1);
  if (mlp !== undefined) checkWhole("mlp", mlp, 1);
  checkBeta(beta);
  checkRange("step", step, Number.MIN_VALUE);
  const found = schemes.map(() => Array.from({ length: layers + 1 }, (): number[] => []));
  const branches: RandomBranch[] = [];
  try {
    branches.push(await randomAttention(d, beta));
    if (mlp !== undefined) branches.push(await randomMlp(d, mlp));
    for (let copy = 0; copy < copies; copy++) {
      const random = randomSource(firstSeed + copy);
      const { x: start } = uniformCloud(n, d, random);
      const normal = randomNormal.source(random)();
      const states = schemes.map(() => Float64Array.from(start));
      const units = states.map((x) => Float64Array.from(x));
      const theta = new Float32Array(schemes.length * n * d);
      for (let layer = 0; layer <= layers; layer++) {
        for (const [s, x] of units.entries()) found[s][layer].push(meanCosine({ n, d, x }));
        if (layer === layers) break;
        for (const branch of branches) {
          for (const [s, x] of units.entries()) theta.set(x, s * n * d);
          const fields = await branch.field(theta, schemes.length, n, normal);
          for (const [s, x] of states.entries()) {
            const field = Float64Array.from(fields.subarray(s * n * d, (s + 1) * n * d));
            residualStep({ ...options, norm: schemes[s] }, layer * step, x, field);
            renormalize(x, 0, n, d, units[s]);
          }
        }
        progress((copy + (layer + 1) / layers) / copies);
      }
    }
  } finally {
    for (const branch of branches) await branch.release();
  }
  return found;
}
