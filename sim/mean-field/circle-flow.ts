import { TokensphereError } from "../../models/errors.ts";
import { checkBeta, checkRange, checkTimes, checkWhole } from "../clouds/check-number.ts";
import { breathe } from "./breathe.ts";
import { circleDrift } from "./circle-drift.ts";
import { type CircleMoments, densityOnGrid } from "./circle-moments.ts";
import { solveSemilinear } from "./solve-semilinear.ts";

/** A density on the circle, and what moves it. */
export interface CircleFlowOptions {
  readonly dynamics: "sa" | "usa";
  /** |β| ≤ 700. */
  readonly beta: number;
  /** V = ±I. Default 1. */
  readonly sign?: 1 | -1 | undefined;
  /** Inverse temperature of the noise, > 0. Default `Infinity`: none. */
  readonly kappa?: number | undefined;
  readonly start: CircleMoments;
  /** Moments that are followed, K. Default 64. */
  readonly modes?: number | undefined;
  /** Sorted, ≥ 0. */
  readonly times: ArrayLike<number>;
  /** Error allowed in a step, in every moment. Default 1e-9. */
  readonly tolerance?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The measure at one time. Its mass is 1: the moment of order 0 is not an unknown. */
export interface CircleFlowState extends CircleMoments {
  /**
   * Largest of the last tenth of the moments: what is cut off is about as large. A density that concentrates needs
   * more and more of them; above some 1e-3 the state is not resolved.
   */
  readonly tail: number;
  /** Lowest density on 4K angles, per radian: below 0 by more than the tail, the state is not resolved. */
  readonly lowest: number;
}

/**
 * The mean-field limit on the circle (d = 2): ∂_tμ = κ^{−1}∂²μ − ∂(μ v[μ]), v = Z'/(βZ) for SA and Z'/β for USA with
 * Z(θ) = ∫ e^{β cos(θ−φ)} dμ(φ) (R §3, §7). Moments obey ṁ_k = ∫ ik e^{ikθ} v dμ − k²m_k/κ; diffusion is taken exactly, by
 * exponential time differencing.
 *
 * @returns The measure at each time.
 * @throws TokensphereError `usage` for numbers out of range; what `signal` is aborted with.
 */
export async function circleFlow(options: CircleFlowOptions): Promise<CircleFlowState[]> {
  const { start, beta, kappa = Number.POSITIVE_INFINITY, modes = 64, times, tolerance = 1e-9 } = options;
  checkCircleFlow(options);
  const y0 = new Float64Array(2 * modes);
  y0.set(start.re.slice(0, modes));
  y0.set(start.im.slice(0, modes), modes);
  const rates = Float64Array.from(y0, (_, e) => ((e % modes) + 1) ** 2 / kappa);
  const drift = circleDrift(options.dynamics, beta, modes, options.sign);
  const states: CircleFlowState[] = [];
  for (const y of await solveSemilinear({ rates, drift }, y0, times, tolerance, options.signal)) {
    states.push(stateOf(y, modes));
    await breathe(options.signal);
  }
  return states;
}

function checkCircleFlow(options: CircleFlowOptions): void {
  const { dynamics, beta, kappa = Number.POSITIVE_INFINITY, modes = 64, times, tolerance = 1e-9 } = options;
  if (dynamics !== "sa" && dynamics !== "usa")
    throw new TokensphereError("usage", `dynamics: ${dynamics}. the density on the circle is for sa, usa`);
  checkBeta(beta);
  checkRange("beta", beta, -700, 700);
  if (!(kappa > 0)) throw new TokensphereError("usage", `kappa: ${kappa}. use a positive number`);
  checkWhole("modes", modes, 1);
  checkRange("modes", modes, 1, 8192);
  checkTimes(times);
  checkRange("tolerance", tolerance, Number.MIN_VALUE);
}

function stateOf(y: Float64Array, modes: number): CircleFlowState {
  const [re, im] = [Array.from(y.subarray(0, modes)), Array.from(y.subarray(modes))];
  const sizes = re.map((value, j) => Math.hypot(value, im[j]));
  const lowest = densityOnGrid({ re, im }, 4 * modes).reduce((a, b) => Math.min(a, b));
  return { re, im, tail: Math.max(...sizes.slice(Math.floor(0.9 * modes))), lowest };
}
