import { TokensphereError } from "../../models/errors.ts";
import { checkBeta, checkRange, checkTimes, checkWhole } from "../clouds/check-number.ts";
import { PARAMETERS } from "../dynamics/parameters.ts";
import type { AlphaKnots } from "../dynamics/params.ts";
import { alphaAt, alphaPieces } from "../dynamics/schemes.ts";
import { solveOde } from "./solve-ode.ts";

/** Where the layer normalization stands (R §6.2; KGPR25): how speeds are divided and radii grow. */
export const SCHEMES = ["post", "pre", "mix", "peri", "ngpt", "sqrt"] as const;

/** One of `SCHEMES`. */
export type Scheme = (typeof SCHEMES)[number];

/** Units of time: those of the equation, or e^{−β} of them. */
export type TimeUnit = "one" | "exp";

/** Tokens with one inner product for all pairs, and how they move. */
export interface EquiangularOptions {
  readonly scheme: Scheme;
  readonly dynamics: "sa" | "usa";
  /** Tokens, ≥ 2. */
  readonly n: number;
  readonly beta: number;
  /** ⟨x_i, x_j⟩ at t = 0, in [−1/(n−1), 1]. */
  readonly rho0: number;
  /** Sorted, ≥ 0; in time units, or in those of `timeUnit`. */
  readonly times: ArrayLike<number>;
  /** `exp`: times are e^β t, in which the rates of USA do not overflow; for `usa` alone. Default `one`. */
  readonly timeUnit?: TimeUnit | undefined;
  /** nGPT's factor, or how it depends on time. Default 1. */
  readonly alpha?: number | AlphaKnots | undefined;
  /** When Mix-LN turns from Post- to Pre-LN. Default 1. */
  readonly tau?: number | undefined;
  /** Length of the tokens at t = 0. Default 1. */
  readonly radius0?: number | undefined;
}

/** ρ and the radius along the times. */
export interface EquiangularCurve {
  readonly rho: readonly number[];
  /** 1 − ρ, to full relative accuracy. */
  readonly gap: readonly number[];
  readonly radius: readonly number[];
}

/** Of log(1 − ρ) and the radius, a step. */
const TOLERANCE = 1e-12;

/**
 * The equiangular system (R §6): ⟨x_i, x_j⟩ = ρ(t) for all i ≠ j, ρ̇ = g/s with g = 2c(1−ρ)((n−1)ρ+1). Solved in log(1 − ρ),
 * which falls at a rate of order 1 all the way.
 *
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function equiangularCurve(options: EquiangularOptions): EquiangularCurve {
  checkEquiangular(options);
  checkTimes(options.times);
  const { rho0, times, radius0 = 1 } = options;
  if (rho0 === 1) return { rho: fill(times, 1), gap: fill(times, 0), radius: solveRadius(options) };
  const states = solve(options, [Math.log1p(-rho0), radius0]);
  return {
    rho: states.map(([log]) => -Math.expm1(log)),
    gap: states.map(([log]) => Math.exp(log)),
    radius: states.map(([, radius]) => radius),
  };
}

/** Where the right-hand side jumps or bends, at τ and at the knots of α, one piece ends and the next begins. */
function solve(options: EquiangularOptions, start: readonly number[]): (readonly number[])[] {
  const times = Array.from(options.times);
  const states: (readonly number[])[] = [];
  let [from, state] = [0, start];
  for (const { until, ...changes } of piecesOf(options)) {
    const own = times.filter((t, i) => i >= states.length && t <= until);
    const stop = Math.min(until, times[times.length - 1]);
    if (stop < from) break;
    const solved = solveOde(rightHandSide({ ...options, ...changes }), state, from, [...own, stop], TOLERANCE);
    states.push(...solved.slice(0, own.length));
    [from, state] = [stop, solved[own.length]];
  }
  return states;
}

/** Pieces of time with their own equation, in the unit of the times. */
export function piecesOf(options: EquiangularOptions) {
  const { scheme, tau = 1, alpha } = options;
  const unit = unitOf(options);
  const last = Number.POSITIVE_INFINITY;
  if (scheme === "mix") {
    return [
      { until: unit * tau, scheme: "post" as const },
      { until: last, scheme: "pre" as const },
    ];
  }
  if (scheme !== "ngpt" || alpha === undefined) return [{ until: last }];
  return alphaPieces({ alpha }).map(({ until, params }) => ({ until: unit * until, alpha: params.alpha }));
}

/** Units of the times in a unit of time. */
function unitOf({ timeUnit = "one", beta }: Pick<EquiangularOptions, "timeUnit" | "beta">): number {
  return timeUnit === "exp" ? Math.exp(beta) : 1;
}

function solveRadius(options: EquiangularOptions): number[] {
  return solve(options, [Number.NEGATIVE_INFINITY, options.radius0 ?? 1]).map(([, radius]) => radius);
}

/** (d/dt log(1−ρ), ṙ). Weights are divided by e^β, which comes back as `fast` for USA; what does not have it is `slow`. */
export function rightHandSide({ scheme, dynamics, n, beta, alpha = 1, timeUnit = "one" }: EquiangularOptions) {
  const unit = unitOf({ timeUnit, beta });
  const [fast, slow] = [dynamics === "usa" && timeUnit === "one" ? Math.exp(beta) : 1, 1 / unit];
  return (t: number, [log, r]: readonly number[]): readonly number[] => {
    const gap = Math.exp(log);
    const rho = 1 - gap;
    const w = Math.exp(-beta * gap);
    const z = dynamics === "usa" ? n : 1 + (n - 1) * w;
    const [a, c] = [1 / z, w / z];
    const radial = a + (n - 1) * c * rho;
    const length = Math.sqrt(a * a + 2 * a * c * (n - 1) * rho + c * c * (n - 1) * (1 + (n - 2) * rho));
    const rate = -2 * c * ((n - 1) * rho + 1);
    if (scheme === "pre") return [(fast * rate) / r, fast * radial];
    if (scheme === "peri") return [(slow * rate) / (r * length), (slow * radial) / length];
    if (scheme === "ngpt")
      return [((typeof alpha === "number" ? alpha : alphaAt(alpha, t / unit)) * slow * rate) / length, 0];
    return [(fast * rate) / (scheme === "sqrt" ? Math.sqrt(t / unit + 1) : 1), 0];
  };
}

/** What does not depend on times. Throws `usage` for numbers out of range. */
export function checkEquiangular(options: Omit<EquiangularOptions, "times">): void {
  const { scheme, dynamics, n, beta, rho0, alpha = 1, tau = 1, radius0 = 1, timeUnit = "one" } = options;
  if (!SCHEMES.includes(scheme)) throw new TokensphereError("usage", `scheme: ${scheme}. use ${SCHEMES.join(", ")}`);
  checkWhole("n", n, 2);
  if (timeUnit !== "one" && (timeUnit !== "exp" || dynamics !== "usa"))
    throw new TokensphereError("usage", `time unit: ${timeUnit} of ${dynamics}. use one, or exp with usa`);
  checkBeta(beta);
  if (dynamics === "usa" && timeUnit === "one" && Math.abs(beta) > 700)
    throw new TokensphereError("usage", `beta: ${beta}. its rates overflow: take exp as the time unit`);
  checkRange("beta", beta, -700, 1e6);
  checkRange("rho0", rho0, -1 / (n - 1), 1);
  if (typeof alpha === "number") checkRange("alpha", alpha, Number.MIN_VALUE);
  else PARAMETERS.alpha.check(alpha);
  checkRange("radius0", radius0, Number.MIN_VALUE);
  checkRange("tau", tau, 0);
}

function fill(times: ArrayLike<number>, value: number): number[] {
  return new Array<number>(times.length).fill(value);
}
