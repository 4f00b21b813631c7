import { TokensphereError } from "../../models/errors.ts";
import type { CircleForm } from "../dynamics/dynamics.ts";
import { besselRatios } from "../theory/bessel-ratios.ts";
import { logKernelMass } from "../theory/log-kernel-mass.ts";
import type { Engine, EngineTask } from "./engine.ts";

/** Harmonics below this weight are left out: with n tokens the sum misses less than n times it. */
const SMALLEST = 1e-19;

/**
 * Attention on the circle by Bessel–Fourier sums, O(nK) for O(n²): with m_k = Σ_j m_j e^{ikθ_j} and
 * e^{β cos θ} = I_0 + 2Σ I_k cos kθ, the field is θ̇ = Z'(θ)/(βZ(θ)) for SA and Z'(θ)/β for USA, where
 * Z(θ) = Σ_j m_j e^{β cos(θ−θ_j)}. K grows as √β; exact to rounding.
 *
 * @throws TokensphereError `usage` where d is not 2 or the dynamics has no such sum.
 */
export function harmonicEngine({ dynamics, params, n, d }: EngineTask): Engine {
  const form = dynamics.onCircle?.(params);
  if (!form || d !== 2) {
    throw new TokensphereError(
      "usage",
      `engine harmonic: ${dynamics.name} with d = ${d}. use it with sa, usa and the like at d = 2`,
    );
  }
  const known = new Map<number, Float64Array>();
  return {
    name: "harmonic",
    velocity: (x, beta, logScale, batch, out) => {
      for (let b = 0; b < batch; b++) {
        const coefficients = known.get(beta[b]) ?? kernelHarmonics(beta[b]);
        known.set(beta[b], coefficients);
        const [from, to] = [b * 2 * n, (b + 1) * 2 * n];
        circleVelocity(x.subarray(from, to), form, beta[b], logScale[b], coefficients, out.subarray(from, to));
      }
      return undefined;
    },
    release: async () => {},
  };
}

/** e^{−β}I_0, 2e^{−β}I_1, 2e^{−β}I_2 … down to the smallest that counts. */
export function kernelHarmonics(beta: number): Float64Array {
  const first = Math.exp(logKernelMass(2, beta) - beta);
  const ratios =
    beta > 0 ? besselRatios(0, beta, 20 + Math.ceil(10 * Math.sqrt(beta) + 0.1 * beta)) : new Float64Array(1);
  const all = [first];
  let value = 2 * first;
  for (const ratio of ratios) {
    value *= ratio;
    if (value < SMALLEST) break;
    all.push(value);
  }
  return Float64Array.from(all);
}

/** Velocity of one system, `x` and `out` `[n, 2]`. */
function circleVelocity(
  x: Float64Array,
  { weighting, masses, times }: CircleForm,
  beta: number,
  logScale: number,
  coefficients: Float64Array,
  out: Float64Array,
): void {
  const n = x.length / 2;
  const [re, im] = moments(x, masses, coefficients.length);
  const factor = times?.(beta) ?? 1;
  const scale = Math.exp(beta - logScale);
  for (let i = 0; i < n; i++) {
    const length = Math.hypot(x[2 * i], x[2 * i + 1]);
    const [c, s] = [x[2 * i] / length, x[2 * i + 1] / length];
    let [pr, pi, z, slope] = [1, 0, coefficients[0] * re[0], 0];
    for (let k = 1; k < coefficients.length; k++) {
      [pr, pi] = [pr * c - pi * s, pr * s + pi * c];
      z += coefficients[k] * (pr * re[k] + pi * im[k]);
      slope += k * coefficients[k] * (pr * im[k] - pi * re[k]);
    }
    // k I_k/β → 1/2 for k = 1 and 0 else as β → 0.
    const pull = beta > 0 ? slope / beta : c * im[1] - s * re[1];
    const speed = factor * (weighting === "softmax" ? pull / z : pull * scale);
    out[2 * i] = -s * speed;
    out[2 * i + 1] = c * speed;
  }
}

/** Σ_j m_j e^{ikθ_j} for k = 0 … count − 1, at least 0 and 1. */
function moments(x: Float64Array, masses: Float64Array | undefined, count: number): [Float64Array, Float64Array] {
  const n = x.length / 2;
  const re = new Float64Array(Math.max(2, count));
  const im = new Float64Array(re.length);
  for (let j = 0; j < n; j++) {
    const length = Math.hypot(x[2 * j], x[2 * j + 1]);
    const [c, s] = [x[2 * j] / length, x[2 * j + 1] / length];
    let [pr, pi] = [masses ? masses[j] : 1 / n, 0];
    for (let k = 0; k < re.length; k++) {
      re[k] += pr;
      im[k] += pi;
      [pr, pi] = [pr * c - pi * s, pr * s + pi * c];
    }
  }
  return [re, im];
}
