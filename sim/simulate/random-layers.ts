import { availableParallelism } from "node:os";
import { randomNormal } from "d3-random";
import { graphBuilder } from "../../models/onnx/graph-builder.ts";
import { Tensor } from "../../models/onnx/runtime.ts";
import { encodeModel } from "../../models/onnx/writer.ts";
import { randomSource } from "../../models/random.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import { checkBeta, checkRange, checkWhole } from "../clouds/check-number.ts";
import { renormalize } from "../clouds/renormalize.ts";
import { uniformCloud } from "../clouds/uniform-cloud.ts";
import type { NormScheme } from "../dynamics/dynamics.ts";
import { openSession } from "../engines/onnx/onnx-engine.ts";
import { residualStep } from "./layer-steps.ts";

/** A transformer of one head with new random matrices in each layer, under several schemes that share start and matrices. */
export interface RandomLayersOptions {
  readonly schemes: readonly NormScheme[];
  readonly n: number;
  readonly d: number;
  readonly beta: number;
  /** The factor of the residual branch, > 0. */
  readonly step: number;
  readonly layers: number;
  /** Independent starts and matrices, of the seeds from `firstSeed` on. */
  readonly copies: number;
  readonly firstSeed: number;
  readonly alpha?: number | undefined;
  readonly tau?: number | undefined;
}

/**
 * Mean cosines of random transformers by layer (R Figure 4; KGPR25): uniform tokens, Q, K, V of independent normal entries of variance 1/d,
 * scores β⟨Qθ_i, Kθ_j⟩, layers as in `layerSteps`. Attention is computed in float32, for all schemes at once.
 *
 * @param progress - Called with the fraction of the work done.
 * @returns `[scheme][layer][copy]`, layer 0 the start.
 * @throws TokensphereError `usage` for numbers out of range, `environment` without an engine.
 */
export async function randomLayers(
  options: RandomLayersOptions,
  progress: (fraction: number) => void = () => {},
): Promise<number[][][]> {
  const { schemes, n, d, beta, step, layers, copies, firstSeed } = options;
  for (const [name, value] of Object.entries({ n, d, layers, copies })) checkWhole(name, value, name === "n" ? 2 : 1);
  checkBeta(beta);
  checkRange("step", step, Number.MIN_VALUE);
  const found = schemes.map(() => Array.from({ length: layers + 1 }, (): number[] => []));
  const session = await openSession(attentionOfInputs(), availableParallelism());
  try {
    for (let copy = 0; copy < copies; copy++) {
      const random = randomSource(firstSeed + copy);
      const { x: start } = uniformCloud(n, d, random);
      const states = schemes.map(() => Float64Array.from(start));
      const normal = randomNormal.source(random)(0, 1 / Math.sqrt(d));
      const matrix = () => new Tensor("float32", Float32Array.from({ length: d * d }, normal), [d, d]);
      const theta = new Float32Array(schemes.length * n * d);
      for (let layer = 0; layer <= layers; layer++) {
        for (const [s, x] of states.entries()) {
          const unit = new Float64Array(n * d);
          renormalize(x, 0, n, d, unit);
          found[s][layer].push(meanCosine({ n, d, x: unit }));
          theta.set(unit, s * n * d);
        }
        if (layer === layers) break;
        const feeds = { q: matrix(), k: matrix(), v: matrix() };
        const { a } = await session.run({
          ...feeds,
          theta: new Tensor("float32", theta, [schemes.length, n, d]),
          beta: new Tensor("float32", Float32Array.of(beta), [1, 1, 1]),
        });
        const all = a.data as Float32Array;
        for (const [s, x] of states.entries()) {
          const field = Float64Array.from(all.subarray(s * n * d, (s + 1) * n * d));
          residualStep({ ...options, norm: schemes[s] }, layer * step, x, field);
        }
        progress((copy + (layer + 1) / layers) / copies);
      }
    }
  } finally {
    await session.release();
  }
  return found;
}

/** Softmax attention whose matrices are inputs: A = softmax(β θ QᵀK θᵀ) θ Vᵀ, `[schemes, n, d]`. */
function attentionOfInputs(): Uint8Array {
  const builder = graphBuilder("float32");
  const { op } = builder;
  const cloud = ["schemes", "n", "d"] as const;
  const theta = builder.input("theta", "float32", cloud);
  const [q, k, v] = ["q", "k", "v"].map((name) => builder.input(name, "float32", ["d", "d"]));
  const beta = builder.input("beta", "float32", [1, 1, 1]);
  const turn = { perm: { ints: [1, 0] } };
  const scores = op("MatMul", [
    op("MatMul", [theta, op("MatMul", [op("Transpose", [q], turn), k])]),
    op("Transpose", [theta], { perm: { ints: [0, 2, 1] } }),
  ]);
  const weights = op("Softmax", [op("Mul", [scores, beta])], { axis: { int: -1 } });
  const field = op("MatMul", [weights, op("MatMul", [theta, op("Transpose", [v], turn)])]);
  builder.output({ name: "a", type: "float32", dims: cloud }, field);
  return encodeModel(builder.finish());
}
