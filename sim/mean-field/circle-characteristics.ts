import { TokensphereError } from "../../models/errors.ts";
import { checkRange, checkTimes, checkWhole } from "../clouds/check-number.ts";
import { OUTCOME_MESSAGES } from "../integrators/system-result.ts";
import { simulate } from "../simulate/simulate.ts";
import { type CircleMoments, densityOnGrid } from "./circle-moments.ts";

/** A density on the circle without noise, and what moves it. */
export interface CharacteristicsOptions {
  readonly dynamics: "sa" | "usa";
  /** |β| ≤ 10⁶. */
  readonly beta: number;
  /** V = ±I. Default 1. */
  readonly sign?: 1 | -1 | undefined;
  readonly start: CircleMoments;
  /** Sorted, ≥ 0; with `timeUnit` `exp` e^β times those of the equation. */
  readonly times: ArrayLike<number>;
  /** Points that carry the mass at the start, evenly spaced, even. Default by β, see `usualNodes`. */
  readonly nodes?: number | undefined;
  /** Error allowed in a step. Default 1e-12. */
  readonly tolerance?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The measure at one time: weighted points. */
export interface Characteristics {
  /** In radians, from −π on, in the order of the start. */
  readonly angles: Float64Array;
  /** Of 1 in all; they do not change. */
  readonly masses: Float64Array;
}

/** A point with less than this part of the mass is left out. */
const LEAST_MASS = 1e-19;

/** Up to this β sums over harmonics keep Z opposite a peak to some ten digits; above, pairs are summed. */
const HARMONIC_BETA = 6;

/** Points with harmonics, whose cost is linear, and with pairs. */
export const usualNodes = (beta: number): number => (Math.abs(beta) <= HARMONIC_BETA ? 2048 : 512);

/**
 * The mean-field limit on the circle without noise, by characteristics (R §3): mass stays with its point, so that the density is ≥ 0
 * and of mass 1 through collapse and past it. Evenly spaced points make sums over them exact to all digits as long as the density is
 * smooth in where its mass came from.
 *
 * @returns The measure at each time.
 * @throws TokensphereError `usage` for numbers out of range, `input` where a time is not reached or the start is no density.
 */
export async function circleCharacteristics(options: CharacteristicsOptions): Promise<Characteristics[]> {
  const { dynamics, beta, sign = 1, tolerance = 1e-12, nodes = usualNodes(beta) } = options;
  checkCharacteristics(options);
  const { angles, masses } = startPoints(options.start, nodes);
  const n = angles.length;
  const x0 = Float64Array.from({ length: 2 * n }, (_, e) => (e % 2 ? Math.sin : Math.cos)(angles[e >> 1]));
  const states: Characteristics[] = [];
  const [result] = await simulate(
    {
      dynamics: sign === 1 ? `${dynamics}_weighted` : `${dynamics}_weighted_repulsive`,
      ...{ n, d: 2, systems: [{ beta, x0 }], times: Float64Array.from(options.times), lift: true },
      params: { weights: Array.from(masses) },
      ...{ method: "dop853", rtol: tolerance, atol: tolerance, maxSteps: 20_000 },
      engine: engineFor(beta),
      ...(options.signal ? { signal: options.signal } : {}),
    },
    {
      save: (_system, time, _t, { x }) => {
        const now = Float64Array.from({ length: n }, (_, i) => Math.atan2(x[2 * i + 1], x[2 * i]));
        states[time] = { angles: now, masses };
      },
    },
  );
  if (result.message !== "")
    throw new TokensphereError(
      "input",
      `${result.outcome} at time ${result.time}: ${OUTCOME_MESSAGES[result.outcome]}`,
    );
  return states;
}

function checkCharacteristics(options: CharacteristicsOptions): void {
  const { dynamics, beta, sign = 1, times, nodes = usualNodes(beta), tolerance = 1e-12 } = options;
  if (dynamics !== "sa" && dynamics !== "usa")
    throw new TokensphereError("usage", `dynamics: ${dynamics}. the density on the circle is for sa, usa`);
  checkRange("beta", beta, -1e6, 1e6);
  if (sign !== 1 && sign !== -1) throw new TokensphereError("usage", `sign: ${sign}. use 1 or -1`);
  checkTimes(times);
  checkWhole("nodes", nodes, 2);
  checkRange("nodes", nodes, 2, 65_536);
  checkRange("tolerance", tolerance, Number.MIN_VALUE);
}

function engineFor(beta: number): string {
  if (Math.abs(beta) <= HARMONIC_BETA) return "harmonic";
  return beta > 0 ? "simd" : "ts";
}

function startPoints(start: CircleMoments, nodes: number): Characteristics {
  const density = densityOnGrid(start, nodes);
  const largest = density.reduce((a, b) => Math.max(a, b));
  const lowest = density.reduce((a, b) => Math.min(a, b));
  if (lowest < -1e-9 * largest)
    throw new TokensphereError("input", "density: negative somewhere. take more modes, or a wider start");
  const kept = Array.from(density.keys()).filter((g) => density[g] > LEAST_MASS * largest);
  const total = kept.reduce((sum, g) => sum + density[g], 0);
  return {
    angles: Float64Array.from(kept, (g) => turned((2 * Math.PI * g) / nodes)),
    masses: Float64Array.from(kept, (g) => density[g] / total),
  };
}

/** The same angle in (−π, π]. */
const turned = (angle: number): number => (angle > Math.PI ? angle - 2 * Math.PI : angle);

/** Moments ∫ e^{ikθ} dμ of weighted points. */
export function momentsOfPoints({ angles, masses }: Characteristics, modes: number): CircleMoments {
  const [re, im] = [new Float64Array(modes), new Float64Array(modes)];
  for (let i = 0; i < angles.length; i++) {
    const [c, s] = [Math.cos(angles[i]), Math.sin(angles[i])];
    let [p, q] = [c, s];
    for (let k = 0; k < modes; k++) {
      re[k] += masses[i] * p;
      im[k] += masses[i] * q;
      [p, q] = [p * c - q * s, p * s + q * c];
    }
  }
  return { re: Array.from(re), im: Array.from(im) };
}

/**
 * The mean density on cells about evenly spaced angles 2πg/count, per radian: the mass between two points that were neighbours at
 * the start is spread evenly between them. Finite past collapse too.
 */
export function densityOfPoints({ angles, masses }: Characteristics, count: number): Float64Array {
  const cells = new Float64Array(count);
  const width = (2 * Math.PI) / count;
  const n = angles.length;
  for (let i = 0; i < n; i++) {
    const [from, next] = [angles[i], (i + 1) % n];
    const gap = Math.atan2(Math.sin(angles[next] - from), Math.cos(angles[next] - from));
    spread(cells, from / width + 0.5, gap / width, (masses[i] + masses[next]) / 2);
  }
  return cells.map((mass) => mass / width);
}

/** Adds a mass to the cells between two places, in cells; the way may go backwards and round. */
function spread(cells: Float64Array, from: number, length: number, mass: number): void {
  const [start, end] = length < 0 ? [from + length, from] : [from, from + length];
  const cell = (place: number) => ((Math.floor(place) % cells.length) + cells.length) % cells.length;
  if (end - start < 1e-12) {
    cells[cell(start)] += mass;
    return;
  }
  for (let place = Math.floor(start); place < end; place++) {
    const part = Math.min(end, place + 1) - Math.max(start, place);
    if (part > 0) cells[cell(place)] += (mass * part) / (end - start);
  }
}
