import { sortValues } from "../../probes/numerics/sort-values.ts";
import { wasserstein1Sorted } from "../../probes/numerics/wasserstein1.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { freshNoise } from "../alignment/fresh-noise.ts";
import type { MovingFamily } from "../laws/families.ts";
import type { FitText } from "../trajectories/fit-text.ts";
import { CHEAP_TOKENS } from "../trajectories/frames.ts";
import { visitSimulated } from "../trajectories/simulated-products.ts";
import { type CosineStatistics, cosineStatistics } from "./statistics.ts";

/** Far below what a distance is reported to; large clouds, whose steps are dear, have larger distances. */
const TOLERANCE = 1e-8;
const WIDE_TOLERANCE = 1e-6;

/** What a fitted family predicts for every layer, from all pairs and without interpolation. */
export interface Prediction {
  readonly statistics: CosineStatistics;
  /** One distance a layer, mean over texts. */
  readonly w1_by_layer: readonly number[];
  /** Of each token in every layer, mean square over texts; see `freshNoise`. */
  readonly noise: number | null;
}

/** Simulates the texts once more, at the fitted times exactly. */
export async function predict(
  texts: readonly FitText[],
  family: MovingFamily,
  beta: number,
  times: readonly number[],
  edges: readonly number[],
): Promise<Prediction> {
  const predicted: Float64Array[][] = [];
  for (const text of texts) {
    const layers: Float64Array[] = [];
    await visitSimulated(
      text,
      family,
      beta,
      times,
      (k, cloud) => {
        layers[k] = innerProducts(cloud, true);
      },
      { tolerance: text.n > CHEAP_TOKENS ? WIDE_TOLERANCE : TOLERANCE },
    );
    predicted.push(layers);
  }
  return compare(texts, predicted, edges, family.start === undefined);
}

/** The baseline: every layer looks like the first. */
export function predictFrozen(texts: readonly FitText[], edges: readonly number[]): Prediction {
  const predicted = texts.map((text) => {
    const first = innerProducts(text.clouds[0], true);
    return text.clouds.map(() => first);
  });
  return compare(texts, predicted, edges);
}

function compare(
  texts: readonly FitText[],
  predicted: readonly (readonly Float64Array[])[],
  edges: readonly number[],
  startsThere = true,
): Prediction {
  const layers = texts[0].clouds.map((_, k) => k);
  const observed = texts.map(({ clouds }) => clouds.map((cloud) => innerProducts(cloud, true)));
  const distance = (t: number, k: number): number =>
    k === 0 && startsThere
      ? 0
      : wasserstein1Sorted(sortValues(observed[t][k].slice()), sortValues(predicted[t][k].slice()));
  const noises = texts.map(({ d }, t) => freshNoise(observed[t], predicted[t], d));
  const squares = noises.flatMap((sigma) => (sigma === null ? [] : [sigma ** 2]));
  return {
    statistics: cosineStatistics(predicted, edges),
    noise: squares.length === 0 ? null : Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length),
    w1_by_layer: layers.map((k) => texts.reduce((sum, _, t) => sum + distance(t, k), 0) / texts.length),
  };
}
