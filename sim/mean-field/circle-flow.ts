import { TokensphereError } from "../../models/errors.ts";
import { checkRange, checkWhole } from "../check-number.ts";
import { checkBeta, checkTimes } from "../check-simulation.ts";
import { kernelHarmonics } from "../engines/harmonic-engine.ts";
import { solveOde } from "../theory/solve-ode.ts";
import type { CircleMoments } from "./circle-moments.ts";

export interface CircleFlowOptions {
  readonly dynamics: "sa" | "usa";
  /** From 0 to 700. */
  readonly beta: number;
  /** Inverse temperature of the noise, > 0. Default `Infinity`: none. */
  readonly kappa?: number | undefined;
  readonly start: CircleMoments;
  /** Moments that are followed, K. Default 64. */
  readonly modes?: number | undefined;
  /** Sorted, ≥ 0. */
  readonly times: ArrayLike<number>;
  /** Error allowed in a step, in every moment. Default 1e-9. */
  readonly tolerance?: number | undefined;
}

/** The measure at one time. */
export interface CircleFlowState extends CircleMoments {
  /**
   * Largest of the last tenth of the moments: what is cut off is about as large. A density that concentrates needs
   * more and more of them; above some 1e-3 the state is not resolved.
   */
  readonly tail: number;
}

/**
 * The mean-field limit on the circle (d = 2): ∂_tμ = κ^{−1}∂²μ − ∂(μ v[μ]), v = Z'/(βZ) for SA and Z'/β for USA with
 * Z(θ) = ∫ e^{β cos(θ−φ)} dμ(φ) (R §3, §7). Moments obey ṁ_k = ∫ ik e^{ikθ} v dμ − k²m_k/κ; products are taken on a grid of
 * 4K angles, exactly for USA.
 *
 * @returns The measure at each time.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function circleFlow(options: CircleFlowOptions): CircleFlowState[] {
  const { start, modes = 64, times, tolerance = 1e-9 } = options;
  checkCircleFlow(options);
  const first = (part: readonly number[]) => Array.from({ length: modes }, (_, j) => part[j] ?? 0);
  const y0 = [...first(start.re), ...first(start.im)];
  return solveOde(rightHandSide(options, modes), y0, 0, times, tolerance).map((y) => stateOf(y, modes));
}

function checkCircleFlow(options: CircleFlowOptions): void {
  const { dynamics, beta, kappa = Number.POSITIVE_INFINITY, modes = 64, times, tolerance = 1e-9 } = options;
  if (dynamics !== "sa" && dynamics !== "usa")
    throw new TokensphereError("usage", `dynamics: ${dynamics}. the density on the circle is for sa, usa`);
  checkBeta(beta);
  checkRange("beta", beta, 0, 700);
  if (!(kappa > 0)) throw new TokensphereError("usage", `kappa: ${kappa}. use a positive number`);
  checkWhole("modes", modes, 1);
  checkTimes(times);
  checkRange("tolerance", tolerance, Number.MIN_VALUE);
}

function stateOf(y: readonly number[], modes: number): CircleFlowState {
  const [re, im] = [y.slice(0, modes), y.slice(modes)];
  const sizes = re.map((value, j) => Math.hypot(value, im[j]));
  return { re, im, tail: Math.max(...sizes.slice(Math.floor(0.9 * modes))) };
}

/** y = (re_1 … re_K, im_1 … im_K) ↦ ẏ. */
function rightHandSide({ dynamics, beta, kappa = Number.POSITIVE_INFINITY }: CircleFlowOptions, modes: number) {
  const grid = 4 * modes;
  const cosines = Float64Array.from({ length: grid }, (_, g) => Math.cos((2 * Math.PI * g) / grid));
  const sines = Float64Array.from({ length: grid }, (_, g) => Math.sin((2 * Math.PI * g) / grid));
  const kernel = kernelHarmonics(beta);
  const flux = new Float64Array(grid);
  return (_t: number, y: readonly number[]): readonly number[] => {
    for (let g = 0; g < grid; g++) flux[g] = fluxAt(g, y) / grid;
    return derivative(y);
  };

  /** 2πμv at grid angle g. */
  function fluxAt(g: number, y: readonly number[]): number {
    let [density, z, slope] = [1, kernel[0], 0];
    for (let k = 1; k <= modes; k++) {
      const [c, s] = [cosines[(k * g) % grid], sines[(k * g) % grid]];
      const [re, im] = [y[k - 1], y[modes + k - 1]];
      const even = c * re + s * im;
      const weight = k < kernel.length ? kernel[k] : 0;
      density += 2 * even;
      z += weight * even;
      slope += weight * k * (c * im - s * re);
    }
    // k I_k/β → 1/2 for k = 1 and 0 else as β → 0.
    const pull = beta > 0 ? slope / beta : cosines[g] * y[modes] - sines[g] * y[0];
    return density * (dynamics === "sa" ? pull / z : pull * Math.exp(beta));
  }

  function derivative(y: readonly number[]): number[] {
    const out = new Array<number>(2 * modes);
    for (let k = 1; k <= modes; k++) {
      let [c, s] = [0, 0];
      for (let g = 0; g < grid; g++) {
        c += cosines[(k * g) % grid] * flux[g];
        s += sines[(k * g) % grid] * flux[g];
      }
      const diffusion = (k * k) / kappa;
      out[k - 1] = -k * s - diffusion * y[k - 1];
      out[modes + k - 1] = k * c - diffusion * y[modes + k - 1];
    }
    return out;
  }
}
