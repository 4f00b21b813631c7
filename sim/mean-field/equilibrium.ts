import { factorise } from "../../probes/numerics/solve-linear.ts";
import { CELLS, type CircleModel, cosineMoment, cosineRow, gibbsLaw, potentialOf } from "./gibbs-law.ts";

/** A density at rest under noise: one point of a branch. */
export interface Equilibrium {
  /** The leading moment, of order p: 0 is uniform. With one peak this is the order parameter r. */
  readonly order: number;
  /** Inverse temperature of the noise, scaled by e^{logScale} of the model. */
  readonly scaledKappa: number;
  /** Moments of order p, 2p … Kp, the first being `order`. */
  readonly moments: Float64Array;
}

/** Newton's correction at which it is done, in every unknown relative to 1. */
const DONE = 1e-13;
const MOST_ITERATIONS = 40;

/**
 * The density at rest that has this leading moment, with the κ at which it rests: m_k = ∫ cos kθ exp(κΦ[m])/norm, solved
 * for κ and m_{2p} … m_{Kp} by Newton's method. Along a branch that turns in κ the order still grows, so that turning points
 * need no care.
 *
 * @param order - 0 < order < 1.
 * @param guess - A neighbour on the branch.
 * @returns `null` where Newton's method does not converge.
 */
export function equilibriumAt(model: CircleModel, order: number, guess: Equilibrium): Equilibrium | null {
  let moments = tiltedMoments(model, guess, order);
  let [kappa, last] = [guess.scaledKappa, Number.POSITIVE_INFINITY];
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const correction = newtonCorrection(model, order, kappa, moments);
    if (!correction) return null;
    const size = correction.reduce((most, value, k) => Math.max(most, Math.abs(k === 0 ? value / kappa : value)), 0);
    let damping = Math.min(1, 0.3 / size);
    const moved = () => moments.map((value, j) => (j === 0 ? order : value + damping * correction[j]));
    while (damping > 1e-3 && !isPotential(model, moved())) damping /= 2;
    moments = moved();
    kappa += damping * correction[0];
    // Rounding of sums near 1 may keep it from getting smaller.
    if (size < DONE || (size < 1e3 * DONE && size >= last)) return { order, scaledKappa: kappa, moments };
    last = size;
  }
  return null;
}

/** Whether Z > 0 on the whole circle, as for every density but not for all moments on the way to one. */
function isPotential(model: CircleModel, moments: Float64Array): boolean {
  return potentialOf(model, moments).value.every(Number.isFinite);
}

/** Moments of the neighbour's law times exp(δ cos θ), δ such that the first is the order: those of a density in any case. */
function tiltedMoments(model: CircleModel, guess: Equilibrium, order: number): Float64Array {
  const law = guess.order === 0 ? new Float64Array(CELLS).fill(1 / CELLS) : lawOf(model, guess);
  const tilted = (delta: number) => {
    const values = law.map((p, g) => p * Math.exp(delta * (cosineRow(1)[g] - 1)));
    const total = values.reduce((a, b) => a + b);
    return values.map((value) => value / total);
  };
  let now = law;
  for (let [delta, iteration] = [0, 0]; iteration < MOST_ITERATIONS; iteration++) {
    const mean = cosineMoment(now, 1);
    const variance = (1 + cosineMoment(now, 2)) / 2 - mean * mean;
    if (Math.abs(mean - order) < 1e-6) break;
    delta += (order - mean) / variance;
    now = tilted(delta);
  }
  return Float64Array.from(guess.moments, (_, j) => (j === 0 ? order : cosineMoment(now, j + 1)));
}

/**
 * Solves J δ = −R for R_k = G_k(m, κ) − m_k, unknowns (κ, m_2 … m_K); the first row is divided by the order, which keeps it
 * regular at the branching point. Products of cosines are sums of two, so that J needs moments of two laws only.
 */
function newtonCorrection(model: CircleModel, order: number, kappa: number, moments: Float64Array) {
  const size = moments.length;
  const { value, factor } = potentialOf(model, moments);
  const law = gibbsLaw(value, kappa);
  const mean = law.reduce((sum, p, g) => sum + p * value[g], 0);
  const own = cosineMoments(law, size);
  const byKappa = cosineMoments(
    law.map((p, g) => p * (value[g] - mean)),
    size,
  );
  const byMoment = cosineMoments(
    law.map((p, g) => p * factor[g]),
    2 * size,
  );
  const [jacobian, residual] = [new Float64Array(size * size), new Float64Array(size)];
  for (let k = 1; k <= size; k++) {
    const scale = k === 1 ? 1 / order : 1;
    residual[k - 1] = scale * (moments[k - 1] - own[k]);
    jacobian[(k - 1) * size] = scale * byKappa[k];
    for (let j = 2; j <= size; j++) {
      const covariance = (byMoment[Math.abs(k - j)] + byMoment[k + j]) / 2 - own[k] * byMoment[j];
      jacobian[(k - 1) * size + j - 1] = scale * (kappa * model.weights[j - 1] * covariance - (k === j ? 1 : 0));
    }
  }
  return factorise(jacobian, size)?.(residual) ?? null;
}

/** ∫ cos jθ for j = 0 … most. */
function cosineMoments(law: Float64Array, most: number): Float64Array {
  return Float64Array.from({ length: most + 1 }, (_, j) => cosineMoment(law, j));
}

/** Probabilities of the cells of pθ at an equilibrium. */
export function lawOf(model: CircleModel, { moments, scaledKappa }: Equilibrium): Float64Array {
  return gibbsLaw(potentialOf(model, moments).value, scaledKappa);
}

/** Where the branch leaves the uniform density: p²/κ is its growth rate, so κ = 2/weight of the leading moment. */
export function branchingPoint(model: CircleModel): Equilibrium {
  const scale = model.dynamics === "sa" && model.beta > 0 ? model.beta : 1;
  const moments = new Float64Array(model.weights.length);
  return { order: 0, scaledKappa: (2 * scale) / model.weights[0], moments };
}
