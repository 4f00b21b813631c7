import { leadingEigenvalue } from "../../probes/numerics/leading-eigenvalue.ts";
import { harmonicCount, zonalKernel } from "./gegenbauer.ts";
import { zonalDensity } from "./zonal-flow.ts";
import { type ZonalRule, zonalRule } from "./zonal-rule.ts";

/** Perturbations that are followed beyond the moments of the density that count. */
const EXTRA_MODES = 12;
const MOST_MODES = 96;
const COUNTS = 1e-10;

/** Of a density at rest, on the points of a rule. */
interface Rest {
  readonly rule: ZonalRule;
  readonly modes: number;
  /** Relative to the uniform one. */
  readonly density: Float64Array;
  /** V of v = V∇t, times e^{−|β|} for USA, and what gradients of Z are multiplied by. */
  readonly speed: Float64Array;
  readonly factor: Float64Array;
  /** Of a unit moment k: its part of Z, c_k/N_k. */
  readonly lambda: Float64Array;
  /** 1/Z for SA, 0 for USA. */
  readonly inverse: Float64Array;
}

/**
 * Growth rate of the fastest perturbation of an axisymmetric density at rest, among those that are axisymmetric (m = 0) and those that
 * tilt it (m = 1); turning it as a whole, which changes nothing, is left out. From the linearized Fokker–Planck equation in
 * E_k = (1−t²)^{m/2} P_k^{(m)}(t) times a harmonic of degree m of the other coordinates, for which e^{β⟨x,y⟩} is diagonal (Funk &
 * Hecke). Negative: stable.
 *
 * @param moments - ∫ P_k dμ, k = 1 … at index k − 1; those beyond count as 0.
 * @param kappa - Inverse temperature of the noise.
 * @returns `null` where it is not found.
 */
export function zonalGrowth(
  dynamics: "sa" | "usa",
  d: number,
  beta: number,
  kappa: number,
  moments: ArrayLike<number>,
): number | null {
  const logScale = dynamics === "usa" ? Math.abs(beta) : 0;
  const diffusion = Math.exp(-Math.log(kappa) - logScale);
  const rest = restOf(dynamics, d, beta, moments);
  const rates = [0, 1].map((m) => {
    const basis = basisOf(rest, m);
    const matrix = linearized(rest, basis, m, diffusion);
    if (m === 1) holdTurning(matrix, moments, basis.lengths, d, rest.modes);
    return leadingEigenvalue(matrix, rest.modes);
  });
  const known = rates.filter((rate) => rate !== null);
  return known.length < 2 ? null : Math.max(...known) * Math.exp(logScale);
}

function restOf(dynamics: "sa" | "usa", d: number, beta: number, moments: ArrayLike<number>): Rest {
  const sizes = Array.from(moments, (m, j) => Math.sqrt(harmonicCount(d, j + 1)) * Math.abs(m));
  const counting = sizes.findLastIndex((size) => size > COUNTS) + 1;
  const kernel = zonalKernel(d, beta);
  const modes = Math.min(MOST_MODES, Math.max(16, counting, kernel.length) + EXTRA_MODES);
  const rule = zonalRule(d, 2 * modes + 24);
  const [slope, z] = [new Float64Array(rule.t.length), new Float64Array(rule.t.length).fill(kernel[0])];
  for (let k = 1; k <= Math.min(moments.length, Math.max(1, kernel.length - 1)); k++) {
    const [pull, part] = [beta === 0 ? Number(k === 1) : (kernel[k] ?? 0) / beta, kernel[k] ?? 0];
    for (let g = 0; g < slope.length; g++) {
      slope[g] += pull * moments[k - 1] * rule.slope(k)[g];
      z[g] += part * moments[k - 1] * rule.row(k)[g];
    }
  }
  const sa = dynamics === "sa";
  const lambda = Float64Array.from({ length: modes + 1 }, (_, k) => (kernel[k] ?? 0) / harmonicCount(d, k));
  // At β = 0 only Λ_1/β = 1/d is left.
  const scaled = lambda.map((value, k) => (beta === 0 ? Number(k === 1) / d : value / beta));
  return {
    rule,
    modes,
    density: zonalDensity(Array.from(moments).slice(0, counting), rule),
    speed: slope.map((value, g) => (sa ? value / z[g] : value)),
    factor: z.map((value) => (sa ? 1 / value : 1)),
    lambda: scaled,
    inverse: z.map((value) => (sa ? beta / value : 0)),
  };
}

/** E_k and (1−t²)E_k' on the points for k = 1 … modes, of norm 1, and the norms they had. */
interface Basis {
  readonly values: readonly Float64Array[];
  readonly slopes: readonly Float64Array[];
  readonly lengths: readonly number[];
}

function basisOf({ rule, modes }: Rest, m: number): Basis {
  const { t, masses, d } = rule;
  const raw = Array.from({ length: modes }, (_, j) => {
    const k = j + 1;
    const [row, slope] = [rule.row(k), rule.slope(k)];
    if (m === 0) return { value: row, slope: slope.map((s, g) => (1 - t[g] ** 2) * s) };
    // (1−t²)P'' = (d−1)tP' − k(k+d−2)P, so that (1−t²)(√(1−t²)P')' needs no second derivative.
    const roots = t.map((x) => Math.sqrt(1 - x * x));
    const value = slope.map((s, g) => roots[g] * s);
    return {
      value,
      slope: t.map((x, g) => roots[g] * ((d - 2) * x * slope[g] - k * (k + d - 2) * row[g])),
    };
  });
  const lengths = raw.map(({ value }) => Math.sqrt(value.reduce((sum, v, g) => sum + masses[g] * v * v, 0)));
  return {
    values: raw.map(({ value }, j) => value.map((v) => v / lengths[j])),
    slopes: raw.map(({ slope }, j) => slope.map((v) => v / lengths[j])),
    lengths,
  };
}

/**
 * ∫ ∇(E_k Y)·(h v + μ δv) dσ − k(k+d−2)δ_kj/κ for h = E_j Y: with δZ = Λ_j E_j Y,
 * ∫ E_k'(1−t²)V E_j + μ f [(1−t²)E_k'Λ_jE_j' + c E_kΛ_jE_j/(1−t²)] − μ E_k'(1−t²)V Λ_jE_j/Z, c = m(m+d−3).
 */
function linearized(rest: Rest, { values, slopes }: Basis, m: number, diffusion: number): Float64Array {
  const { rule, modes, density, speed, factor, lambda, inverse } = rest;
  const { t, masses, d } = rule;
  const turning = m * (m + d - 3);
  const matrix = new Float64Array(modes * modes);
  const across = masses.map((mass, g) => (mass * density[g] * factor[g]) / (1 - t[g] ** 2));
  const drift = masses.map((mass, g) => mass * speed[g]);
  const back = masses.map((mass, g) => mass * density[g] * speed[g] * inverse[g]);
  for (let k = 0; k < modes; k++) {
    for (let j = 0; j < modes; j++) {
      const [ek, sk, ej, sj] = [values[k], slopes[k], values[j], slopes[j]];
      let [own, pull] = [0, 0];
      for (let g = 0; g < t.length; g++) {
        own += drift[g] * sk[g] * ej[g];
        pull += across[g] * (sk[g] * sj[g] + turning * ek[g] * ej[g]) - back[g] * sk[g] * ej[g];
      }
      matrix[k * modes + j] = own + lambda[j + 1] * pull - (k === j ? (k + 1) * (k + d - 1) * diffusion : 0);
    }
  }
  return matrix;
}

/** Takes the eigenvalue 0 of turning far down: A − c yyᵀ/‖y‖² leaves the others (Wielandt). */
function holdTurning(
  matrix: Float64Array,
  moments: ArrayLike<number>,
  lengths: readonly number[],
  d: number,
  modes: number,
): void {
  const y = Float64Array.from({ length: modes }, (_, j) => harmonicCount(d, j + 1) * (moments[j] ?? 0) * lengths[j]);
  const square = y.reduce((sum, value) => sum + value * value, 0);
  if (square < 1e-12) return;
  const down = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let k = 0; k < modes; k++) {
    for (let j = 0; j < modes; j++) matrix[k * modes + j] -= (down * y[k] * y[j]) / square;
  }
}
