import { randomNormal } from "d3-random";
import { type RandomSource, randomSource } from "../../models/random.ts";
import { noiseSeed, simulateNoisy } from "../simulate/noisy.ts";
import { simulate } from "../simulate/simulate.ts";
import { gegenbauerRow } from "./gegenbauer.ts";
import type { ParticleDistanceOptions } from "./particle-distances.ts";
import { type ZonalFlowOptions, type ZonalState, zonalDensity, zonalFlow } from "./zonal-flow.ts";

/** A flow of densities about an axis, and the tokens beside it. */
export type ZonalChaosOptions = ZonalFlowOptions &
  Pick<ParticleDistanceOptions, "n" | "copies" | "firstSeed" | "step" | "progress">;

/** W1 between the angles of tokens and of the density to the axis, `[time][copy]`, in radians. */
export interface ZonalDistances {
  readonly states: readonly ZonalState[];
  readonly w1: readonly Float64Array[];
}

/** Cells of the angle to the axis: W1 is exact up to π over these. */
const CELLS = 4000;
/** Far below n^{−1/2}. */
const TOLERANCE = 1e-7;

/**
 * Propagation of chaos on S^{d−1} (R §3): n tokens drawn from a density about an axis e, each moved by all. What is measured is the law of
 * the angle between token and axis, in which W1 is exact: ∫ |F − G| dφ.
 *
 * @throws TokensphereError `usage` for numbers out of range.
 */
export async function zonalDistances(options: ZonalChaosOptions): Promise<ZonalDistances> {
  const { d, n, copies, firstSeed, start } = options;
  const states = await zonalFlow(options);
  const laws = states.map(({ moments }) => angleLaw(moments, d));
  const from = angleLaw(Float64Array.from(start), d);
  const w1 = states.map(() => new Float64Array(copies));
  for (let copy = 0; copy < copies; copy++) {
    const x0 = zonalSample(from, n, d, randomSource(firstSeed + copy));
    await moveTokens(options, copy, x0, (time, x) => {
      w1[time][copy] = angleDistance(x, n, d, laws[time]);
    });
    options.progress?.((copy + 1) / copies);
  }
  return { states, w1 };
}

/** The distribution function of the angle to the axis at the ends of cells: 0 at 0, 1 at π. */
function angleLaw(moments: ArrayLike<number>, d: number): Float64Array {
  const t = Float64Array.from({ length: CELLS }, (_, c) => Math.cos((Math.PI * (c + 0.5)) / CELLS));
  const rows: Float64Array[] = [];
  const density = zonalDensity(moments, { d, t, row: (k) => gegenbauerRow(d, k, t, rows) });
  const law = new Float64Array(CELLS + 1);
  for (let c = 0; c < CELLS; c++) law[c + 1] = law[c] + Math.max(0, density[c]) * (1 - t[c] * t[c]) ** ((d - 2) / 2);
  return law.map((mass) => mass / law[CELLS]);
}

/** Tokens whose angles to the first axis have the law, turned about it evenly. */
function zonalSample(law: Float64Array, n: number, d: number, random: RandomSource): Float64Array {
  const normal = randomNormal.source(random)();
  const x = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const phi = angleAt(law, random());
    const across = Float64Array.from({ length: d - 1 }, normal);
    const length = Math.hypot(...across);
    x[i * d] = Math.cos(phi);
    for (let k = 1; k < d; k++) x[i * d + k] = (Math.sin(phi) * across[k - 1]) / length;
  }
  return x;
}

function angleAt(law: Float64Array, target: number): number {
  let [low, high] = [0, CELLS];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (law[middle] <= target) low = middle;
    else high = middle;
  }
  const width = law[high] - law[low];
  return (Math.PI * (low + (width > 0 ? (target - law[low]) / width : 0.5))) / CELLS;
}

/** ∫ |F − G| dφ, tokens counted from the middle of a cell at or behind them. */
function angleDistance(x: ArrayLike<number>, n: number, d: number, law: Float64Array): number {
  const jumps = new Float64Array(CELLS + 1);
  for (let i = 0; i < n; i++) {
    const phi = Math.acos(Math.max(-1, Math.min(1, x[i * d])));
    jumps[Math.max(0, Math.ceil((phi / Math.PI) * CELLS - 0.5))] += 1 / n;
  }
  let [below, sum] = [0, 0];
  for (let c = 0; c < CELLS; c++) {
    below += jumps[c];
    sum += Math.abs(below - (law[c] + law[c + 1]) / 2);
  }
  return (sum * Math.PI) / CELLS;
}

async function moveTokens(
  options: ZonalChaosOptions,
  copy: number,
  x0: Float64Array,
  measure: (time: number, x: ArrayLike<number>) => void,
): Promise<void> {
  const { dynamics: plain, sign = 1, beta, kappa = Number.POSITIVE_INFINITY, n, d, firstSeed } = options;
  const times = Array.from(options.times);
  const common = { dynamics: sign === 1 ? plain : `${plain}_repulsive`, n, d, times };
  const save = (_s: number, time: number, _t: number, { x }: { readonly x: ArrayLike<number> }) => measure(time, x);
  if (kappa === Number.POSITIVE_INFINITY) {
    const exact = { rtol: TOLERANCE, atol: TOLERANCE, merge: false, lift: true, reduce: false };
    await simulate({ ...common, ...exact, systems: [{ beta, x0 }] }, { save });
  } else {
    const step = options.step ?? (times[times.length - 1] / 100 || 1);
    await simulateNoisy(
      { ...common, kappa, step, systems: [{ beta, x0, seed: noiseSeed(firstSeed + copy) }] },
      { save },
    );
  }
}
