import { availableParallelism } from "node:os";
import { TokensphereError } from "../../models/errors.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { checkBeta, checkRange, checkWhole } from "../clouds/check-number.ts";
import { hasDirections } from "../clouds/has-directions.ts";
import { normalizeRows } from "../clouds/normalize-rows.ts";
import { renormalize } from "../clouds/renormalize.ts";
import type { NormScheme } from "../dynamics/dynamics.ts";
import { DYNAMICS } from "../dynamics/dynamics-table.ts";
import { PARAMETERS } from "../dynamics/parameters.ts";
import type { AlphaKnots, DynamicsParams, Head } from "../dynamics/params.ts";
import { alphaAt } from "../dynamics/schemes.ts";
import { chooseEngine, type EngineKindChoice } from "../engines/choose-engine.ts";
import type { EngineTask } from "../engines/contract/engine.ts";
import { OUTCOME_MESSAGES, type Outcome } from "../integrators/system-result.ts";

/** What `layerSteps` does. */
export interface LayerStepsOptions {
  readonly n: number;
  readonly d: number;
  /** `[n, d]`; rows are divided by their length. Not changed. */
  readonly x0: Float64Array;
  readonly beta: number;
  /** The factor h of the residual branch, > 0. */
  readonly step: number;
  /**
   * `post`: x ← normalize(x + h A(x)). `pre`: x ← x + h A(x/‖x‖), from ‖x‖ = 1. `mix`: `post` in layers that begin before τ, `pre` from then
   * on. `peri`: `pre` with A/‖A‖. `ngpt`: `post` with α A/‖A‖. `sqrt`: `post` with A/√(t + 1). Layer l = 0, 1 … begins at t = l h.
   */
  readonly norm: NormScheme;
  /** Of `ngpt`. Default 1. */
  readonly alpha?: DynamicsParams["alpha"];
  /** Of `mix`. Default 1. */
  readonly tau?: number | undefined;
  /** How many layers with Q = K = V = I, or the heads of each layer in turn. */
  readonly layers: number | readonly (readonly Head[])[];
  /** Default `auto`: by size. */
  readonly engine?: EngineKindChoice | undefined;
  /** Threads of ONNX Runtime. Default: the processor's. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the layers came to. */
export interface LayerStepsResult {
  readonly outcome: Extract<Outcome, "reached the end" | "stopped by condition" | "blow-up">;
  readonly message: string;
  /** Layers done, all of whose tokens have a direction. */
  readonly layers: number;
}

/**
 * Called with the start as layer 0 and after every layer.
 *
 * @param cloud - Valid during the call only.
 * @returns `false` to stop.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: an observer that never stops returns nothing.
export type LayerObserver = (layer: number, cloud: Cloud) => void | boolean;

/**
 * Plain residual layers: what a transformer of attention alone does, where `simulate` follows the flow that steps h → 0
 * tend to (GLPR25). A(x)_i = Σ_heads Σ_j A_ij V x_j with its part along x_i, which the flow leaves out.
 *
 * @throws TokensphereError `usage` for options, `input` for clouds and matrices, `environment` without an engine.
 */
export async function layerSteps(
  options: LayerStepsOptions,
  save: LayerObserver = () => {},
): Promise<LayerStepsResult> {
  checkLayerSteps(options);
  const { n, d, layers } = options;
  const x = normalizeRows({ n, d, x: options.x0 });
  const count = typeof layers === "number" ? layers : layers.length;
  if (save(0, { n, d, x }) === false) return resultOf("stopped by condition", 0);
  const field = fieldOf(options);
  try {
    for (let layer = 1; layer <= count; layer++) {
      options.signal?.throwIfAborted();
      residualStep(options, (layer - 1) * options.step, x, await field.at(layer - 1, x));
      if (!hasDirections(x, n, d)) return resultOf("blow-up", layer - 1);
      if (save(layer, { n, d, x }) === false) return resultOf("stopped by condition", layer);
    }
  } finally {
    await field.release();
  }
  return resultOf("reached the end", count);
}

function resultOf(outcome: LayerStepsResult["outcome"], layers: number): LayerStepsResult {
  return { outcome, message: OUTCOME_MESSAGES[outcome], layers };
}

function checkLayerSteps({ n, d, beta, step, norm, layers, alpha = 1, tau = 1 }: LayerStepsOptions): void {
  checkWhole("n", n, 1);
  checkWhole("d", d, 1);
  checkBeta(beta);
  checkRange("step", step, Number.MIN_VALUE);
  if (!Object.hasOwn(NORMS, norm))
    throw new TokensphereError("usage", `norm: ${norm}. use ${Object.keys(NORMS).join(", ")}`);
  PARAMETERS.alpha.check(alpha);
  PARAMETERS.tau.check(tau);
  if (typeof layers === "number") checkWhole("layers", layers, 0);
  else for (const heads of layers) PARAMETERS.heads.check(heads, { n, d, params: {} });
}

/** What a scheme does in a layer. */
interface NormForm {
  /** Whether tokens are unit again after a layer that begins at t. */
  readonly unit: (t: number, tau: number) => boolean;
  /** Whether A is divided by its length. */
  readonly unitField: boolean;
  /** A factor on the field. */
  readonly factor: (t: number, alpha: AlphaKnots) => number;
}

const one = () => 1;
const NORMS: Readonly<Record<NormScheme, NormForm>> = {
  post: { unit: () => true, unitField: false, factor: one },
  pre: { unit: () => false, unitField: false, factor: one },
  mix: { unit: (t, tau) => t < tau * (1 - 1e-12), unitField: false, factor: one },
  peri: { unit: () => false, unitField: true, factor: one },
  ngpt: { unit: () => true, unitField: true, factor: (t, alpha) => alphaAt(alpha, t) },
  sqrt: { unit: () => true, unitField: false, factor: (t) => 1 / Math.sqrt(t + 1) },
};

/** The layer that begins at t: x ← x + step · factor · field, and what the scheme does beside. `field` is written over. */
export function residualStep(
  { n, d, step, norm, alpha = 1, tau = 1 }: Pick<LayerStepsOptions, "n" | "d" | "step" | "norm" | "alpha" | "tau">,
  t: number,
  x: Float64Array,
  field: Float64Array,
): void {
  const { unit, unitField, factor } = NORMS[norm];
  if (unitField) renormalize(field, 0, n, d, field);
  const scale = step * factor(t, typeof alpha === "number" ? [[0, alpha]] : alpha);
  for (let e = 0; e < x.length; e++) x[e] += scale * field[e];
  if (unit(t, tau)) renormalize(x, 0, n, d, x);
}

/** The field A of each layer; layers that share their heads (or have none) share an engine. */
function fieldOf({ n, d, beta, layers, engine: choice = "auto", threads = availableParallelism() }: LayerStepsOptions) {
  const out = new Float64Array(n * d);
  let engine: Awaited<ReturnType<typeof chooseEngine>> | null = null;
  let made: readonly Head[] | undefined;
  const release = async () => {
    await engine?.release();
    engine = null;
  };
  const at = async (layer: number, x: Float64Array): Promise<Float64Array> => {
    const heads = typeof layers === "number" ? undefined : layers[layer];
    if (!engine || heads !== made) {
      await release();
      engine = await chooseEngine(choice, taskOf(heads, n, d), 1, threads);
      made = heads;
    }
    await engine.velocity(x, Float64Array.of(beta), Float64Array.of(0), 1, out);
    return out;
  };
  return { at, release };
}

/** Attention as it is, without projection: that is what free tokens feel. */
function taskOf(heads: readonly Head[] | undefined, n: number, d: number): EngineTask {
  if (!heads) return { dynamics: DYNAMICS.sa_preln, params: {}, n, d };
  return { dynamics: { ...DYNAMICS.sa_multihead, geometry: "free" }, params: { heads }, n, d };
}
