import { z } from "zod";
import { anything, count, defineFormat, hashedFile, list, number, numberOrNull, optional } from "./format.ts";

const estimate = z.strictObject({ value: numberOrNull, low: numberOrNull, high: numberOrNull });
const alongTimes = list(estimate);
const median = z.strictObject({ ...estimate.shape, happened: count.describe("starts where it came within the times") });

/** One threshold at one β. */
export const CENSUS_THRESHOLD = z.strictObject({
  threshold: number,
  one: alongTimes.describe("probability of a single cluster"),
  clusters: alongTimes.describe("mean number"),
  still: list(z.record(z.string(), number)).describe("share of the starts that have so many clusters, by number"),
  kmax_clusters: alongTimes.describe("probability of k_max clusters"),
  kmax_equal: alongTimes.describe("of k_max clusters, each within a factor 1.5 of an equal share"),
  first_merge: median.describe("median time of the first merge; an end that is null lies behind the times"),
  last_merge: median.describe("median time when all are one"),
});

/** `sweep --clusters`. */
export const CENSUS = defineFormat({
  name: "tokensphere/cluster-census",
  version: 1,
  file: "clusters.json",
  about: "Clusters of many uniform starts, by β: lists run along `times`, intervals hold 95 %.",
  remedy: "sweep again with this version",
  fields: {
    dynamics: z.string().min(1),
    params: optional(anything).describe("Q, K, V, alpha or whatever the dynamics reads"),
    plugins: optional(list(hashedFile)).describe("files that were loaded"),
    n: count,
    d: count,
    seeds: count,
    seed: number,
    times: list(number),
    betas: optional(list(number)).describe("asked for: an interrupted sweep has fewer rows"),
    clusters: optional(list(number)).describe("the cosines from which tokens are linked"),
    rtol: optional(number),
    rows: list(
      z.strictObject({
        beta: number,
        kmax: count.describe("the degree that grows fastest out of the uniform cloud"),
        sqrt_beta: numberOrNull,
        sqrt_beta_log_beta: numberOrNull,
        starts: count.describe("that reached the last time: others count nowhere"),
        failures: z.record(z.string(), count).describe("how many ended how"),
        thresholds: list(CENSUS_THRESHOLD),
      }),
    ),
  },
});
