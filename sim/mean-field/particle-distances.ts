import { randomSource } from "../../models/random.ts";
import { checkRange, checkWhole } from "../clouds/check-number.ts";
import { noiseSeed, simulateNoisy } from "../simulate/noisy.ts";
import { simulate } from "../simulate/simulate.ts";
import { type CircleFlowOptions, type CircleFlowState, circleFlow } from "./circle-flow.ts";
import { circleW1 } from "./circle-w1.ts";
import { sampleCircle } from "./sample-circle.ts";

/** A flow of densities, and the tokens beside it. */
export interface ParticleDistanceOptions extends CircleFlowOptions {
  /** Tokens, drawn from the start: 1 to 10⁷. */
  readonly n: number;
  /** Independent draws. */
  readonly copies: number;
  /** Seed of the first draw and of its noise; the next has the next. */
  readonly firstSeed: number;
  /** Longest step of noisy particles. Default 0.01 of the last time. */
  readonly step?: number | undefined;
  /** Called with the fraction of the work done. */
  readonly progress?: ((fraction: number) => void) | undefined;
}

/** W1 between tokens and the density that they follow; lists run along times. */
export interface ParticleDistances {
  readonly n: number;
  readonly states: readonly CircleFlowState[];
  /** Mean over the draws, in radians. */
  readonly w1: readonly number[];
  /** Standard error of that mean; `null` for one draw. */
  readonly w1Error: readonly (number | null)[];
  /** Mean over the draws of the largest at any time, and its standard error. */
  readonly largest: number;
  readonly largestError: number | null;
  /** Angles of the first draw at each time. */
  readonly angles: readonly Float64Array[];
}

/** Tolerance of the particles: far below n^{−1/2}. */
const TOLERANCE = 1e-7;

/**
 * Propagation of chaos (R §3): n tokens drawn from a density, each moved by all, stay within about n^{−1/2} in W1 of the
 * density that solves the mean-field equation.
 *
 * @param known - The density at the times, where it is known.
 * @throws TokensphereError `usage` for numbers out of range, `input` where the start is not a density.
 */
export async function particleDistances(
  options: ParticleDistanceOptions,
  known?: readonly CircleFlowState[],
): Promise<ParticleDistances> {
  const { n, copies } = options;
  checkWhole("n", n, 1);
  checkRange("n", n, 1, 1e7);
  checkWhole("copies", copies, 1);
  const states = known ?? (await circleFlow(options));
  const w1 = states.map(() => new Float64Array(copies));
  const first: Float64Array[] = [];
  const measure = (copy: number, time: number, angles: Float64Array) => {
    w1[time][copy] = circleW1(angles, states[time]);
    if (copy === 0) first[time] = angles;
  };
  for (let copy = 0; copy < copies; copy++) {
    await moveParticles(options, copy, measure);
    options.progress?.((copy + 1) / copies);
  }
  const means = w1.map((values) => values.reduce((a, b) => a + b) / copies);
  const errors = w1.map((values, t) => standardError(values, means[t]));
  return { n, states, w1: means, w1Error: errors, ...largestOf(w1), angles: first };
}

async function moveParticles(
  options: ParticleDistanceOptions,
  copy: number,
  measure: (copy: number, time: number, angles: Float64Array) => void,
): Promise<void> {
  const {
    dynamics: plain,
    sign = 1,
    beta,
    kappa = Number.POSITIVE_INFINITY,
    start,
    n,
    times: given,
    firstSeed,
    signal,
  } = options;
  const dynamics = sign === 1 ? plain : `${plain}_repulsive`;
  const times = Float64Array.from(given);
  const angles = sampleCircle(start, n, randomSource(firstSeed + copy));
  const x0 = Float64Array.from({ length: 2 * n }, (_, e) => (e % 2 ? Math.sin : Math.cos)(angles[e >> 1]));
  const save = (_system: number, time: number, _t: number, { x }: { readonly x: ArrayLike<number> }) =>
    measure(
      copy,
      time,
      Float64Array.from({ length: n }, (_, j) => Math.atan2(x[2 * j + 1], x[2 * j])),
    );
  const common = { dynamics, n, d: 2, times, ...(signal ? { signal } : {}) };
  if (kappa === Number.POSITIVE_INFINITY) {
    const systems = [{ beta, x0 }];
    await simulate({ ...common, systems, rtol: TOLERANCE, atol: TOLERANCE, merge: false, lift: true }, { save });
  } else {
    const step = options.step ?? (times[times.length - 1] / 100 || 1);
    await simulateNoisy(
      { ...common, kappa, step, systems: [{ beta, x0, seed: noiseSeed(firstSeed + copy) }] },
      { save },
    );
  }
}

/** The supremum over the times, draw by draw. */
export function largestOf(w1: readonly Float64Array[]): Pick<ParticleDistances, "largest" | "largestError"> {
  const largest = w1[0].map((_, copy) => Math.max(...w1.map((values) => values[copy])));
  const mean = largest.reduce((a, b) => a + b) / largest.length;
  return { largest: mean, largestError: standardError(largest, mean) };
}

/** Of a mean; `null` for one value. */
export function standardError(values: Float64Array, mean: number): number | null {
  if (values.length < 2) return null;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return Math.sqrt(square / values.length);
}
