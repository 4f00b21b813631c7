import { TokensphereError } from "../../models/errors.ts";
import { checkBeta, checkRange, checkTimes, checkWhole } from "../clouds/check-number.ts";
import { besselRatios } from "../engines/harmonic/bessel-ratios.ts";
import { harmonicCount, zonalKernel } from "./gegenbauer.ts";
import { solveSemilinear } from "./solve-semilinear.ts";
import { type ZonalRule, zonalRule } from "./zonal-rule.ts";

/** A density on the unit sphere of R^d that depends on t = ⟨x, e⟩ alone, and what moves it. */
export interface ZonalFlowOptions {
  readonly dynamics: "sa" | "usa";
  readonly d: number;
  /** |β| ≤ 700. */
  readonly beta: number;
  /** V = ±I. Default 1. */
  readonly sign?: 1 | -1 | undefined;
  /** Inverse temperature of the noise, > 0. Default `Infinity`: none. */
  readonly kappa?: number | undefined;
  /** ∫ P_k dμ, k = 1 … at index k − 1; those beyond count as 0. */
  readonly start: ArrayLike<number>;
  /** Moments that are followed, K. Default 64. */
  readonly modes?: number | undefined;
  /** Sorted, ≥ 0. */
  readonly times: ArrayLike<number>;
  /**
   * Error allowed in a step of third order, in every moment; that of fourth, which is kept, is far less. Default 1e-13, 1e-11 with noise,
   * which forgets errors.
   */
  readonly tolerance?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The measure at one time. */
export interface ZonalState {
  /** m_k = ∫ P_k dμ, k = 1 … K at index k − 1: m_1 is the order. */
  readonly moments: Float64Array;
  /** Largest √N_k |m_k| of the last tenth: what is cut off of the density is about as large. */
  readonly tail: number;
  /** Lowest density of all points of the rule, relative to the uniform one. */
  readonly lowest: number;
}

/** Moments ∫ P_k dμ of the von Mises–Fisher law ∝ e^{s⟨x, e⟩}: I_{k+ν}(s)/I_ν(s), ν = d/2 − 1. */
export function momentsOfVonMisesFisher(d: number, concentration: number, modes: number): Float64Array {
  if (concentration === 0) return new Float64Array(modes);
  let size = 1;
  return besselRatios(d / 2 - 1, concentration, modes).map((ratio) => {
    size *= ratio;
    return size;
  });
}

/**
 * The mean-field limit on S^{d−1} for axisymmetric densities: ∂_tμ = κ^{−1}Δμ − ∇·(μ v), v = ∇Z/(βZ) for SA and ∇Z/β for USA, in
 * Gegenbauer moments: ṁ_k = ∫ P_k'(t)(1−t²) V dμ − k(k+d−2)m_k/κ with V = Z'/(βZ) or Z'/β and Z = Σ N_k Λ_k m_k P_k (R §3, §7).
 * Diffusion is exact, the drift by Gauss's rule on more points than products of two have degrees.
 *
 * @returns The measure at each time.
 * @throws TokensphereError `usage` for numbers out of range; what `signal` is aborted with.
 */
export async function zonalFlow(options: ZonalFlowOptions): Promise<ZonalState[]> {
  const { d, kappa = Number.POSITIVE_INFINITY, modes = 64, times, signal } = options;
  const { tolerance = kappa === Number.POSITIVE_INFINITY ? 1e-13 : 1e-11 } = options;
  checkZonalFlow(options);
  const rule = zonalRule(d, 2 * modes + 24);
  const y0 = Float64Array.from({ length: modes }, (_, j) => options.start[j] ?? 0);
  const rates = y0.map((_, j) => ((j + 1) * (j + d - 1)) / kappa);
  const drift = zonalDrift(options, rule, modes);
  const states = await solveSemilinear({ rates, drift }, y0, times, tolerance, signal);
  return states.map((moments) => stateOf(moments, rule));
}

function checkZonalFlow(options: ZonalFlowOptions): void {
  const { dynamics, d, beta, sign = 1, kappa = Number.POSITIVE_INFINITY, modes = 64, times } = options;
  if (dynamics !== "sa" && dynamics !== "usa")
    throw new TokensphereError("usage", `dynamics: ${dynamics}. the density on the sphere is for sa, usa`);
  checkWhole("d", d, 2);
  checkRange("d", d, 2, 512);
  checkBeta(beta);
  checkRange("beta", beta, -700, 700);
  if (sign !== 1 && sign !== -1) throw new TokensphereError("usage", `sign: ${sign}. use 1 or -1`);
  if (!(kappa > 0)) throw new TokensphereError("usage", `kappa: ${kappa}. use a positive number`);
  checkWhole("modes", modes, 1);
  checkRange("modes", modes, 1, 1024);
  checkTimes(times);
}

/** Writes what attention alone makes of the moments. */
function zonalDrift({ dynamics, d, beta, sign = 1 }: ZonalFlowOptions, rule: ZonalRule, modes: number) {
  const kernel = zonalKernel(d, beta);
  const reach = Math.min(modes, kernel.length - 1);
  // Z'/β of a unit moment 1 tends to P_1' at β = 0.
  const pulls = kernel.map((c, k) => (beta === 0 ? Number(k === 1) : c / beta));
  const scale = sign * (dynamics === "usa" ? Math.exp(Math.abs(beta)) : 1);
  const count = rule.t.length;
  const [density, pull, z] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const add = (out: Float64Array, factor: number, row: Float64Array) => {
    for (let g = 0; g < count; g++) out[g] += factor * row[g];
  };
  const counts = Float64Array.from({ length: modes + 1 }, (_, k) => harmonicCount(d, k));
  return (m: Float64Array, out: Float64Array): void => {
    density.fill(1);
    pull.fill(0);
    z.fill(kernel[0]);
    for (let k = 1; k <= modes; k++) add(density, counts[k] * m[k - 1], rule.row(k));
    for (let k = 1; k <= reach; k++) {
      add(pull, pulls[k] * m[k - 1], rule.slope(k));
      if (dynamics === "sa") add(z, kernel[k] * m[k - 1], rule.row(k));
    }
    for (let g = 0; g < count; g++) {
      const speed = (scale * pull[g]) / (dynamics === "sa" ? z[g] : 1);
      density[g] *= rule.masses[g] * (1 - rule.t[g] ** 2) * speed;
    }
    for (let k = 1; k <= modes; k++) {
      const slopes = rule.slope(k);
      let sum = 0;
      for (let g = 0; g < count; g++) sum += slopes[g] * density[g];
      out[k - 1] = sum;
    }
  };
}

function stateOf(moments: Float64Array, rule: ZonalRule): ZonalState {
  const density = zonalDensity(moments, rule);
  const sizes = moments.map((m, j) => Math.sqrt(harmonicCount(rule.d, j + 1)) * Math.abs(m));
  const cut = Math.floor(0.9 * moments.length);
  return {
    moments,
    tail: sizes.slice(cut).reduce((a, b) => Math.max(a, b), 0),
    lowest: density.reduce((a, b) => Math.min(a, b)),
  };
}

/** The density on the points of a rule, relative to the uniform one: Σ N_k m_k P_k. */
export function zonalDensity(moments: ArrayLike<number>, rule: Pick<ZonalRule, "d" | "t" | "row">): Float64Array {
  const density = new Float64Array(rule.t.length).fill(1);
  for (let k = 1; k <= moments.length; k++) {
    const [weight, row] = [harmonicCount(rule.d, k) * moments[k - 1], rule.row(k)];
    if (weight !== 0) for (let g = 0; g < density.length; g++) density[g] += weight * row[g];
  }
  return density;
}
