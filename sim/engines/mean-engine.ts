import { renormalize } from "../clouds/renormalize.ts";
import type { Engine, EngineKind, EngineTask } from "./contract/engine.ts";
import { fieldFactor } from "./contract/field-factor.ts";

/** `meanEngine` as a kind: β = 0 with Q = K = V = I. */
export const mean: EngineKind = {
  name: "mean",
  about: "one mean vector: beta = 0 with Q = K = V = I, any width",
  whyNot: ({ dynamics, params, beta }) => {
    if (beta !== 0) return `beta ${beta ?? "unknown"}. use it at beta 0, or auto`;
    return dynamics.harmonics?.(params) ? null : `${dynamics.name}. use it with sa, usa and the like`;
  },
  open: meanEngine,
};

/**
 * At β = 0 every token is drawn to the same point, Σ_j m_j x_j (R §3: Kuramoto's mean field): O(n d).
 *
 * @param task - Of a dynamics with `harmonics`; β is taken for 0.
 */
function meanEngine({ dynamics, params, n, d }: EngineTask): Engine {
  const form = dynamics.harmonics?.(params);
  const [unit, centre] = [new Float64Array(n * d), new Float64Array(d)];
  return {
    name: "mean",
    velocity: (x, beta, logScale, batch, out) => {
      for (let b = 0; b < batch; b++) {
        const [from, to] = [b * n * d, (b + 1) * n * d];
        renormalize(x.subarray(from, to), 0, n, d, unit);
        weighCentre(unit, form?.masses, centre);
        const factor = form ? fieldFactor(form, beta[b], logScale[b]) : 1;
        pullTo(unit, centre, factor, out.subarray(from, to));
      }
      return undefined;
    },
    release: async () => {},
  };
}

function weighCentre(x: Float64Array, masses: Float64Array | undefined, centre: Float64Array): void {
  const d = centre.length;
  const n = x.length / d;
  centre.fill(0);
  for (let i = 0; i < n; i++) {
    const mass = masses ? masses[i] : 1 / n;
    for (let k = 0; k < d; k++) centre[k] += mass * x[i * d + k];
  }
}

/** out_i = factor · P^⊥ centre. */
function pullTo(x: Float64Array, centre: Float64Array, factor: number, out: Float64Array): void {
  const d = centre.length;
  for (let at = 0; at < x.length; at += d) {
    let radial = 0;
    for (let k = 0; k < d; k++) radial += x[at + k] * centre[k];
    for (let k = 0; k < d; k++) out[at + k] = factor * (centre[k] - radial * x[at + k]);
  }
}
