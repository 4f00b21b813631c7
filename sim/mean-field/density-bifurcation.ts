import { checkRange, checkWhole } from "../clouds/check-number.ts";
import { besselRatios } from "../engines/harmonic/bessel-ratios.ts";
import { breathe } from "./breathe.ts";
import { circleGrowth } from "./circle-stability.ts";
import { branchingPoint, type Equilibrium, equilibriumAt, lawOf } from "./equilibrium.ts";
import { type RestModel, restModel, zonalMoment } from "./gibbs-law.ts";
import { zonalGrowth } from "./zonal-stability.ts";

/** Which branch of densities at rest, and how far. */
export interface BifurcationOptions {
  readonly dynamics: "sa" | "usa";
  /** Width, 2 to 512. Default 2. */
  readonly d?: number | undefined;
  /** From 0 to 300. */
  readonly beta: number;
  /** Peaks of the densities at rest, ≥ 1, on the circle alone. Default 1, the branch that is left first as noise falls. */
  readonly peaks?: number | undefined;
  /** The branch is followed up to this κ, in any case beyond the critical one. Default 4 times the critical one. */
  readonly mostKappa?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A density at rest under noise, symmetric about its highest peak. */
export interface BranchPoint {
  /** ∫ cos pθ dμ; with one peak the order parameter r = ‖∫ x dμ‖. */
  readonly order: number;
  /** Inverse temperature of the noise at which it rests. */
  readonly kappa: number;
  /** Rate of the fastest perturbation; negative: stable. `null`: not found. */
  readonly growth: number | null;
  /** ∫ log(dμ/dσ) dμ/κ − (1/2β)(∬ e^{β⟨x,y⟩} dμdμ − Λ_0), σ uniform: 0 for the uniform density, less is preferred; `null` for SA, which has none. */
  readonly freeEnergy: number | null;
}

/** Densities at rest at one β, along κ. */
export interface Bifurcation {
  readonly dynamics: "sa" | "usa";
  readonly d: number;
  readonly beta: number;
  readonly peaks: number;
  /** κ at which the uniform density becomes unstable to p peaks: β/Λ_p for USA, βΛ_0/Λ_p for SA. */
  readonly criticalKappa: number;
  /** From the uniform density (order 0) on, in growing order. */
  readonly branch: readonly BranchPoint[];
  /** Where the branch turns in κ: two densities meet and vanish. None: the transition is continuous. */
  readonly turns: readonly BranchPoint[];
  /** κ at which the branch has the free energy of the uniform density; `null` where nowhere or not defined. */
  readonly equalEnergy: number | null;
  /** Densities at rest at a κ, in growing order, without the uniform one. */
  readonly at: (kappa: number) => readonly BranchPoint[];
  /** Moments ∫ P_k dμ, cos kθ on the circle, k = 1 … count at index k − 1, of the density at rest of this order. */
  readonly moments: (order: number, count: number) => Float64Array;
}

/** Concentrations s, times d/2, of the von Mises–Fisher laws whose orders I_{ν+1}(s)/I_ν(s) are visited: at d = 2 r from .01 to .9998. */
const [FIRST, LAST, COUNT] = [0.02, 2500, 140];

/**
 * Branches of stationary densities of the noisy Fokker–Planck equation on the unit sphere of R^d (R §7; SS24; BBR25 for the branches), symmetric about an axis, by continuation in the order
 * parameter, along which turning points in κ are ordinary points. At β = 0 (noisy Kuramoto): r = I_1(κr)/I_0(κr).
 *
 * @throws TokensphereError `usage` for numbers out of range; what `signal` is aborted with.
 */
export async function densityBifurcation(options: BifurcationOptions): Promise<Bifurcation> {
  const { dynamics, d = 2, beta, peaks = 1, signal } = options;
  checkWhole("d", d, 2);
  checkRange("d", d, 2, 512);
  checkRange("beta", beta, 0, 300);
  checkWhole("peaks", peaks, 1);
  if (d > 2) checkRange("peaks beyond the circle", peaks, 1, 1);
  const model = restModel(dynamics, beta, peaks, d);
  if (model.weights.length === 0) checkRange("peaks", peaks, 1, beta === 0 ? 1 : kernelReach(dynamics, beta));
  const first = branchingPoint(model);
  const mostKappa = options.mostKappa ?? 4 * kappaOf(model, first);
  checkRange("mostKappa", mostKappa, Number.MIN_VALUE);
  const path = await followBranch(model, first, mostKappa, signal);
  const tell = (point: Equilibrium) => branchPoint(model, point);
  const branch: BranchPoint[] = [];
  for (const point of path) {
    await breathe(signal);
    branch.push(tell(point));
  }
  const zero = path.findIndex((point, i) => i > 1 && energy(model, point) * energy(model, path[i - 1]) < 0);
  const even = zero < 0 ? null : solveOrder(model, path[zero - 1], path[zero], (point) => energy(model, point));
  return {
    dynamics,
    d,
    beta,
    peaks,
    criticalKappa: kappaOf(model, first),
    branch,
    turns: turnsOf(model, path).map(tell),
    equalEnergy: dynamics === "usa" && even ? kappaOf(model, even) : null,
    at: (kappa) => atKappa(model, path, kappa).map(tell),
    moments: (order, count) => momentsOf(model, nearest(model, path, order), count),
  };
}

/** Peaks beyond which the kernel has no harmonic left. */
function kernelReach(dynamics: "sa" | "usa", beta: number): number {
  let peaks = 1;
  while (restModel(dynamics, beta, peaks + 1).weights.length > 0) peaks++;
  return peaks;
}

function kappaOf(model: RestModel, { scaledKappa }: Equilibrium): number {
  return scaledKappa * Math.exp(-model.logScale);
}

/** How often a way between two points may be halved where Newton's method fails. */
const HALVINGS = 6;

/** Ends early where Newton's method does: at strong pull Z is lost in rounding opposite the peak. */
async function followBranch(
  model: RestModel,
  first: Equilibrium,
  mostKappa: number,
  signal: AbortSignal | undefined,
): Promise<Equilibrium[]> {
  const path = [first];
  for (let i = 0; i < COUNT; i++) {
    await breathe(signal);
    const s = (model.d / 2) * FIRST * (LAST / FIRST) ** (i / (COUNT - 1));
    const order = besselRatios(model.d / 2 - 1, s, 1)[0];
    path.push(...wayTo(model, path[path.length - 1], order, HALVINGS));
    const last = path[path.length - 1];
    // A branch that has not turned yet may come back from above.
    const rising = last.scaledKappa > path[path.length - 2].scaledKappa && last.scaledKappa > first.scaledKappa;
    if (last.order < order || (rising && kappaOf(model, last) > mostKappa)) break;
  }
  return path;
}

/** Points from a neighbour, left out, to this order; fewer where it cannot be reached. */
function wayTo(model: RestModel, from: Equilibrium, order: number, halvings: number): Equilibrium[] {
  const there = equilibriumAt(model, order, from);
  if (there) return [there];
  if (halvings === 0) return [];
  const half = wayTo(model, from, (from.order + order) / 2, halvings - 1);
  const middle = half[half.length - 1];
  return middle ? [...half, ...wayTo(model, middle, order, halvings - 1)] : [];
}

function branchPoint(model: RestModel, point: Equilibrium): BranchPoint {
  const { dynamics, d, logScale } = model;
  const kappa = kappaOf(model, point);
  const growth = growthAt(model, kappa, momentsOf(model, point, d === 2 ? 320 : MOST_MOMENTS));
  const freeEnergy = dynamics === "usa" ? energy(model, point) * Math.exp(logScale) : null;
  return { order: point.order, kappa, growth, freeEnergy };
}

/** Moments of a density on a sphere that stability looks at. */
const MOST_MOMENTS = 84;

function growthAt({ dynamics, d, beta }: RestModel, kappa: number, moments: Float64Array): number | null {
  return d === 2 ? circleGrowth(dynamics, beta, kappa, moments) : zonalGrowth(dynamics, d, beta, kappa, moments);
}

/** Moments round the circle: 0 but at multiples of p. */
function momentsOf(model: RestModel, point: Equilibrium, count: number): Float64Array {
  const moments = new Float64Array(count);
  if (point.order === 0) return moments;
  const law = lawOf(model, point);
  for (let j = 1; j * model.peaks <= count; j++) moments[j * model.peaks - 1] = zonalMoment(model, law, j);
  return moments;
}

/** Free energy above that of the uniform density, times e^{−β}. */
function energy(model: RestModel, point: Equilibrium): number {
  if (point.order === 0) return 0;
  const { masses } = model.rule;
  const entropy = lawOf(model, point).reduce((sum, p, g) => (p > 0 ? sum + p * Math.log(p / masses[g]) : sum), 0);
  const pull = point.moments.reduce((sum, m, j) => sum + model.weights[j] * m * m, 0);
  return entropy / point.scaledKappa - pull / 2;
}

/** Between two neighbours on the branch, the point at which f, of different signs at the two, is 0: bisection in the order. */
function solveOrder(model: RestModel, from: Equilibrium, to: Equilibrium, f: (point: Equilibrium) => number) {
  let [low, high, best] = [from, to, to];
  const below = f(from) < 0;
  for (let step = 0; step < 60 && high.order - low.order > 1e-15; step++) {
    const middle = equilibriumAt(model, (low.order + high.order) / 2, low);
    if (!middle) break;
    best = middle;
    if (f(middle) < 0 === below) low = middle;
    else high = middle;
  }
  return best;
}

function atKappa(model: RestModel, path: readonly Equilibrium[], kappa: number): Equilibrium[] {
  return path.flatMap((point, i) => {
    if (i === 0) return [];
    const [before, after] = [kappaOf(model, path[i - 1]), kappaOf(model, point)];
    if ((before - kappa) * (after - kappa) > 0 || before === kappa) return [];
    const found = solveOrder(model, path[i - 1], point, (one) => kappaOf(model, one) - kappa);
    return found.order > 1e-7 ? [found] : [];
  });
}

/** Golden-section search about every point whose κ is less, or more, than that of both neighbours. */
function turnsOf(model: RestModel, path: readonly Equilibrium[]): Equilibrium[] {
  return path.flatMap((point, i) => {
    if (i === 0 || i === path.length - 1) return [];
    const [before, after] = [path[i - 1].scaledKappa - point.scaledKappa, path[i + 1].scaledKappa - point.scaledKappa];
    return before * after > 0 ? [extremum(model, path[i - 1], path[i + 1], Math.sign(before))] : [];
  });
}

function extremum(model: RestModel, from: Equilibrium, to: Equilibrium, sign: number): Equilibrium {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high, guess] = [from.order, to.order, to];
  const at = (order: number) => {
    guess = equilibriumAt(model, order, guess) ?? guess;
    return guess;
  };
  while (high - low > 1e-8) {
    const [left, right] = [at(high - golden * (high - low)), at(low + golden * (high - low))];
    if (sign * left.scaledKappa < sign * right.scaledKappa) high = right.order;
    else low = left.order;
  }
  return at((low + high) / 2);
}

function nearest(model: RestModel, path: readonly Equilibrium[], order: number): Equilibrium {
  checkRange("order", order, 0, path[path.length - 1].order);
  const guess = path.findLast((point) => point.order <= order) ?? path[0];
  return order === guess.order ? guess : (equilibriumAt(model, order, guess) ?? guess);
}
