import { randomNormal } from "d3-random";
import { normaliseRows } from "../../sim/clouds/normalise-rows.ts";
import type { TimeMap } from "../alignment/align.ts";
import type { MovingFamily } from "./families.ts";
import type { FitText } from "./fit-text.ts";
import { CHEAP_TOKENS } from "./frames.ts";
import { betaNear } from "./next-start.ts";
import { withClouds } from "./problem.ts";
import type { FitProblem } from "./search.ts";

/** Noisy copies, each with its mirror image, so that what is of first order in the noise cancels; one of large clouds, which vary less. */
const PAIRS = 2;
/** β values tried around the one that is known, as factors. */
const AROUND = [[0.92, 1, 1.09]] as const;
/** Less noise than this moves β by less than the search tells apart. */
const LEAST_NOISE = 0.005;

/**
 * What β would be without noise, by simulation and extrapolation (Cook and Stefanski 1994): to every layer as much fresh noise is
 * added as it has, β is fitted again, and what that does to ln β, taken to be
 * proportional to the square of the noise, is taken off. The bias of a W1 fit grows more slowly than that: about half of it goes.
 *
 * @param noise - Root mean square length of each token's noise; see `freshNoise`.
 * @param random - Uniform numbers in [0, 1).
 * @returns `beta` itself where there is next to no noise.
 */
export async function correctedBeta(
  problem: FitProblem,
  family: MovingFamily,
  beta: number,
  map: TimeMap,
  noise: number,
  random: () => number,
): Promise<number> {
  if (noise < LEAST_NOISE) return beta;
  const normal = randomNormal.source(random)();
  const shifts: number[] = [];
  // Found as the others are, so that what so few values of β leave open cancels too.
  const without = await betaNear(problem, family, beta, map, AROUND);
  const pairs = problem.texts.some(({ n }) => n > CHEAP_TOKENS) ? 1 : PAIRS;
  for (let pair = 0; pair < pairs; pair++) {
    const drawn = problem.texts.map(({ clouds }) => clouds.map(({ x }) => Float64Array.from(x, normal)));
    for (const sign of [1, -1]) {
      const noisy = problem.texts.map((text, i) => withNoise(text, drawn[i], sign * noise));
      shifts.push(Math.log((await betaNear(withClouds(problem, noisy), family, beta, map, AROUND)) / without));
    }
  }
  return beta * Math.exp(-shifts.reduce((a, b) => a + b, 0) / shifts.length);
}

/** Each token moved along its tangent by a normal vector of root mean square length |noise|, then brought back to the sphere. */
function withNoise(text: FitText, drawn: readonly Float64Array[], noise: number): FitText {
  const { n, d } = text;
  const clouds = text.clouds.map(({ x }, k) => {
    const moved = new Float64Array(n * d);
    for (let i = 0; i < n; i++) addTangent(x, drawn[k], noise / Math.sqrt(d - 1), i * d, d, moved);
    return { n, d, x: normaliseRows({ n, d, x: moved }) };
  });
  return { ...text, clouds };
}

function addTangent(
  x: ArrayLike<number>,
  e: Float64Array,
  size: number,
  at: number,
  d: number,
  out: Float64Array,
): void {
  let along = 0;
  for (let k = 0; k < d; k++) along += e[at + k] * x[at + k];
  for (let k = 0; k < d; k++) out[at + k] = x[at + k] + size * (e[at + k] - along * x[at + k]);
}
