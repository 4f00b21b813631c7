import { factorize } from "../../probes/numerics/solve-linear.ts";
import { gibbsLaw, potentialOf, type RestModel, zonalMoment, zonalProducts } from "./gibbs-law.ts";

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
 * The density at rest that has this leading moment, with the κ at which it rests: m_k = ∫ P_k exp(κΦ[m])/norm, solved
 * for κ and m_{2p} … m_{Kp} by Newton's method. Along a branch that turns in κ the order still grows, so that turning points
 * need no care.
 *
 * @param order - 0 < order < 1.
 * @param guess - A neighbour on the branch.
 * @returns `null` where Newton's method does not converge.
 */
export function equilibriumAt(model: RestModel, order: number, guess: Equilibrium): Equilibrium | null {
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

/** Whether Z > 0 everywhere, as for every density but not for all moments on the way to one. */
function isPotential(model: RestModel, moments: Float64Array): boolean {
  return potentialOf(model, moments).value.every(Number.isFinite);
}

/** Moments of the neighbour's law times exp(δ⟨x, e⟩), δ such that the first is the order: those of a density in any case. */
function tiltedMoments(model: RestModel, guess: Equilibrium, order: number): Float64Array {
  const law = guess.order === 0 ? model.rule.masses : lawOf(model, guess);
  const axis = model.rule.row(1);
  const tilted = (delta: number) => {
    const values = law.map((p, g) => p * Math.exp(delta * (axis[g] - 1)));
    const total = values.reduce((a, b) => a + b);
    return values.map((value) => value / total);
  };
  let now = law;
  for (let [delta, iteration] = [0, 0]; iteration < MOST_ITERATIONS; iteration++) {
    const mean = zonalMoment(model, now, 1);
    const variance = now.reduce((sum, p, g) => sum + p * axis[g] * axis[g], 0) - mean * mean;
    if (Math.abs(mean - order) < 1e-6) break;
    delta += (order - mean) / variance;
    now = tilted(delta);
  }
  return Float64Array.from(guess.moments, (_, j) => (j === 0 ? order : zonalMoment(model, now, j + 1)));
}

/**
 * Solves J δ = −R for R_k = G_k(m, κ) − m_k, unknowns (κ, m_2 … m_K); the first row is divided by the order, which keeps it
 * regular at the branching point.
 */
function newtonCorrection(model: RestModel, order: number, kappa: number, moments: Float64Array) {
  const size = moments.length;
  const { value, factor } = potentialOf(model, moments);
  const law = gibbsLaw(model, value, kappa);
  const mean = law.reduce((sum, p, g) => sum + p * value[g], 0);
  const weighted = law.map((p, g) => p * factor[g]);
  const own = momentsOf(model, law);
  const byKappa = momentsOf(
    model,
    law.map((p, g) => p * (value[g] - mean)),
  );
  const byMoment = momentsOf(model, weighted);
  const products = zonalProducts(model, weighted, size);
  const [jacobian, residual] = [new Float64Array(size * size), new Float64Array(size)];
  for (let k = 1; k <= size; k++) {
    const scale = k === 1 ? 1 / order : 1;
    residual[k - 1] = scale * (moments[k - 1] - own[k]);
    jacobian[(k - 1) * size] = scale * byKappa[k];
    for (let j = 2; j <= size; j++) {
      const covariance = products[(k - 1) * size + j - 1] - own[k] * byMoment[j];
      jacobian[(k - 1) * size + j - 1] = scale * (kappa * model.weights[j - 1] * covariance - (k === j ? 1 : 0));
    }
  }
  return factorize(jacobian, size)?.(residual) ?? null;
}

/** ∫ P_j for j = 0 … K. */
function momentsOf(model: RestModel, law: Float64Array): Float64Array {
  return Float64Array.from({ length: model.weights.length + 1 }, (_, j) => zonalMoment(model, law, j));
}

/** Probabilities of the points at an equilibrium, on the circle of pθ. */
export function lawOf(model: RestModel, { moments, scaledKappa }: Equilibrium): Float64Array {
  return gibbsLaw(model, potentialOf(model, moments).value, scaledKappa);
}

/** Where the branch leaves the uniform density: as N harmonics have the leading degree, at κ = N/weight of it; N = d, and 2 on the circle. */
export function branchingPoint(model: RestModel): Equilibrium {
  const scale = model.dynamics === "sa" && model.beta > 0 ? model.beta : 1;
  const moments = new Float64Array(model.weights.length);
  return { order: 0, scaledKappa: (model.d * scale) / model.weights[0], moments };
}
