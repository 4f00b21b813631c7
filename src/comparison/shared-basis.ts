import type { Cloud } from "../../probes/cloud.ts";
import { mean } from "../../probes/numerics/mean.ts";
import { symmetricEigenvalues } from "../../probes/numerics/symmetric-eigenvalues.ts";
import { spanCoordinates } from "../../sim/clouds/span-coordinates.ts";
import type { FitText } from "../trajectories/fit-text.ts";

/** A residual stream keeps most of each token from layer to layer: its mean cosine with itself is above this. */
const ITSELF = 0.5;
/** Layers share no basis where one rotation of all tokens takes away more than this part of how far they are apart. */
const ROTATION_EXPLAINS = 0.75;

/**
 * Whether the places of tokens mean the same in every layer. They do in a residual stream; they do not in states whose layers were each
 * turned by a rotation of their own, of which inner products know nothing: there a token is far from itself in the next layer, and one
 * rotation of all tokens (orthogonal Procrustes; Schönemann 1966) brings most of them back.
 */
export function sharesBasis({ clouds }: FitText): boolean {
  const steps = clouds.slice(1).map((cloud, k) => [clouds[k], cloud] as const);
  const own = steps.map(([x, y]) => cosineWithItself(x, y));
  if (mean(own) >= ITSELF) return true;
  const apart = steps.reduce((sum, _, k) => sum + 1 - own[k], 0);
  const rotated = steps.reduce((sum, [x, y]) => sum + 1 - bestCosine(x, y), 0);
  return rotated >= (1 - ROTATION_EXPLAINS) * apart;
}

/** Mean over tokens of ⟨x_i, y_i⟩. */
function cosineWithItself(x: Cloud, y: Cloud): number {
  let sum = 0;
  for (let p = 0; p < x.x.length; p++) sum += x.x[p] * y.x[p];
  return sum / x.n;
}

/** The same after the best rotation: the nuclear norm of XᵀY over n. */
function bestCosine(x: Cloud, y: Cloud): number {
  const { n, d } = x;
  const { y: both, k } = spanCoordinates(Float64Array.from([...x.x, ...y.x]), 2 * n, d);
  const cross = new Float64Array(k * k);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < k; a++) {
      const xa = both[i * k + a];
      for (let b = 0; b < k; b++) cross[a * k + b] += xa * both[(n + i) * k + b];
    }
  }
  const squared = new Float64Array(k * k);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      for (let c = 0; c < k; c++) squared[b * k + c] += cross[a * k + b] * cross[a * k + c];
    }
  }
  return symmetricEigenvalues(squared, k).reduce((sum, s) => sum + Math.sqrt(Math.max(0, s)), 0) / n;
}
