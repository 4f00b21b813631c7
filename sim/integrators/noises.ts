import { TokensphereError } from "../../models/errors.ts";
import { noisyStep } from "./noisy-step.ts";

/** Which noise moves the tokens, κ being its inverse temperature. */
export interface NoiseChoice {
  /**
   * - `isotropic`: dX_i = v_i dt + √(2/κ) P_i dW_i, each token its own (R §7);
   * - `common`: one W for all tokens;
   * - `anisotropic`: √(2/κ) P_i ∘ S^{1/2} dW_i in Stratonovich's sense, S = diag(strengths);
   * - `multiplicative`: dX_i = v_i (dt + √(2/κ) dB_i) in Itô's sense, one number B_i a token: what rests stays at rest.
   */
  readonly kind: NoiseKind;
  /** Of `anisotropic`: d positive numbers. */
  readonly strengths?: readonly number[] | undefined;
}

/** A step of length h of one system: `x` `[n, d]` is changed and `v` may be; `fill` writes standard normal numbers, in turn. */
export type NoiseStep = (x: Float64Array, v: Float64Array, h: number, fill: (out: Float64Array) => void) => void;

type MakeStep = (kappa: number, n: number, d: number, strengths: readonly number[]) => NoiseStep;

/** Every noise, by name. */
export const NOISES = {
  isotropic: (kappa, _n, d) => {
    const xi = new Float64Array(d);
    return (x, v, h, fill) => noisyStep(x, v, h, amplitude(h, kappa), fill, xi);
  },
  common: (kappa, _n, d) => {
    const [xi, shared] = [new Float64Array(d), new Float64Array(d)];
    return (x, v, h, fill) => {
      fill(shared);
      noisyStep(x, v, h, amplitude(h, kappa), (out) => out.set(shared), xi);
    };
  },
  anisotropic: (kappa, n, d, strengths) => {
    const xi = new Float64Array(d);
    const roots = strengths.map(Math.sqrt);
    return (x, v, h, fill) => {
      for (let i = 0; i < n; i++) addDrift(x, v, i * d, strengths, -1 / kappa);
      const stretched = (out: Float64Array) => {
        fill(out);
        for (let k = 0; k < d; k++) out[k] *= roots[k];
      };
      noisyStep(x, v, h, amplitude(h, kappa), stretched, xi);
    };
  },
  multiplicative: (kappa, n, d) => {
    const [xi, own] = [new Float64Array(d), new Float64Array(n)];
    return (x, v, h, fill) => {
      fill(own);
      for (let i = 0; i < n; i++) {
        const factor = 1 + (amplitude(h, kappa) / h) * own[i];
        for (let e = i * d; e < (i + 1) * d; e++) v[e] *= factor;
      }
      noisyStep(x, v, h, 0, fill, xi);
    };
  },
} as const satisfies Readonly<Record<string, MakeStep>>;

/** A name of `NOISES`. */
export type NoiseKind = keyof typeof NOISES;

/**
 * The step of a noise.
 *
 * @throws TokensphereError `usage` for an unknown kind, and where the strengths are not those that it reads.
 */
export function noiseStep({ kind, strengths }: NoiseChoice, kappa: number, n: number, d: number): NoiseStep {
  if (!Object.hasOwn(NOISES, kind))
    throw new TokensphereError("usage", `noise: ${kind}. use ${Object.keys(NOISES).join(", ")}`);
  const make: MakeStep = NOISES[kind];
  if (kind !== "anisotropic") {
    if (strengths !== undefined) throw new TokensphereError("usage", `strengths: not of ${kind} noise. leave them out`);
    return make(kappa, n, d, []);
  }
  if (strengths?.length !== d || !strengths.every((s) => Number.isFinite(s) && s >= 0))
    throw new TokensphereError("usage", `strengths: ${strengths ?? "none"}. give d = ${d} numbers, 0 or above`);
  return make(kappa, n, d, strengths);
}

/** √(2h/κ). */
const amplitude = (h: number, kappa: number): number => Math.sqrt((2 * h) / kappa);

/** v += factor · P^⊥ S x: what Stratonovich's noise drifts by beside Itô's. */
function addDrift(x: Float64Array, v: Float64Array, at: number, strengths: readonly number[], factor: number): void {
  let along = 0;
  for (const [k, s] of strengths.entries()) along += s * x[at + k] * x[at + k];
  for (const [k, s] of strengths.entries()) v[at + k] += factor * (s - along) * x[at + k];
}
