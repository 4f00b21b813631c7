import type { FamilyFit, FamilyName, FitResult } from "../../src/fit/fit-result.ts";
import type { NamedFamily } from "../../src/laws/families.ts";
import type { Histograms } from "../../src/run/histograms.ts";
import type { MetricRow } from "../../src/run/metrics.ts";
import type { RunData } from "../../src/run/run-data.ts";

/** How a made-up run differs from the usual one. */
export interface SmallRun {
  readonly layers?: number;
  readonly bins?: number;
  readonly n?: number;
  readonly d?: number;
  readonly texts?: number;
  readonly best?: FamilyName;
  /** Families beside SA and USA. */
  readonly more?: readonly NamedFamily[];
}

/** A made-up run: bumps of probability that wander to the right with depth. Small, deterministic and plausible to look at. */
export function smallRun({
  layers = 4,
  bins = 20,
  n = 16,
  d = 24,
  texts = 1,
  best = "sa",
  more = [],
}: SmallRun = {}): RunData & { readonly fit: FitResult } {
  const edges = Array.from({ length: bins + 1 }, (_, k) => -1 + (2 * k) / bins);
  const depths = Array.from({ length: layers }, (_, k) => k);
  const path = (speed: number) =>
    depths.map((k) => bump(edges, 0.1 + (0.7 * speed * k) / Math.max(1, layers - 1), 0.18));
  const observed = path(1);
  const family = (name: FamilyName, beta: number | null, speed: number) =>
    familyFit(name, beta, path(speed), observed, edges);
  const others = more.map((one, k) => ({ ...family(one.name, 2, 0.5 - 0.1 * k), ...one }));
  const families = [family("sa", 3, 0.9), family("usa", 1.2, 0.7), ...others, family("frozen", null, 0)];
  const statistics = statisticsOf(observed, edges);
  const fit: FitResult = {
    format: "tokensphere/fit",
    version: 1,
    observed: {
      source: "states.safetensors",
      texts,
      n: new Array<number>(texts).fill(n),
      d,
      layers: depths,
      ...statistics,
      histograms: observed,
      policy: { specialTokens: "drop", normalize: "l2", diagonal: "exclude" },
    },
    edges,
    families,
    alternatives: families.map((one) => ({ ...one, time: { map: "linear", values: depths.map((k) => k / 2) } })),
    best,
    verdict: "Tokens draw together. SA explains it best.",
    seed: 1,
  };
  return {
    fit,
    metrics: metricsOf(statistics, depths, { n, d, texts }),
    histograms: countsOf(observed, edges, { n, d, texts }),
  };
}

interface Sizes {
  readonly n: number;
  readonly d: number;
  readonly texts: number;
}

function bump(edges: readonly number[], mean: number, sd: number): readonly number[] {
  const heights = edges.slice(1).map((right, k) => Math.exp(-((((right + edges[k]!) / 2 - mean) / sd) ** 2) / 2));
  const total = heights.reduce((a, b) => a + b, 0);
  return heights.map((height) => height / total);
}

function statisticsOf(histograms: readonly (readonly number[])[], edges: readonly number[]) {
  const middle = (k: number) => (edges[k]! + edges[k + 1]!) / 2;
  const mean = (h: readonly number[]) => h.reduce((sum, p, k) => sum + p * middle(k), 0);
  const sd = (h: readonly number[]) => Math.sqrt(h.reduce((sum, p, k) => sum + p * (middle(k) - mean(h)) ** 2, 0));
  const above = (h: readonly number[], t: number) => h.reduce((sum, p, k) => sum + (edges[k + 1]! > t ? p : 0), 0);
  return {
    mean_cosine: histograms.map(mean),
    sd_cosine: histograms.map(sd),
    mass: Object.fromEntries(
      ["0.9", "0.99", "0.999"].map((t, k) => [t, histograms.map((h) => above(h, Number(t)) / (k + 1))]),
    ),
  };
}

function familyFit(
  name: FamilyName,
  beta: number | null,
  path: readonly (readonly number[])[],
  observed: readonly (readonly number[])[],
  edges: readonly number[],
): FamilyFit {
  const statistics = statisticsOf(path, edges);
  const goal = statisticsOf(observed, edges);
  const distances = statistics.mean_cosine.map((mean, k) => Math.abs(mean - goal.mean_cosine[k]!));
  const w1 = distances.reduce((a, b) => a + b, 0) / Math.max(1, path.length - 1);
  return {
    name,
    beta,
    beta_interval: beta === null ? null : [beta * 0.8, beta * 1.3],
    time: { map: "monotone", values: path.map((_, k) => (name === "frozen" ? 0 : Math.sqrt(k))) },
    w1,
    w1_by_layer: distances,
    skill: 0.5,
    skill_held_out: 0.4,
    w1_held_out: w1 * 1.1,
    complexity: path.length,
    profile:
      beta === null ? [] : [0.3, 1, 3, 10].map((b) => ({ beta: b, w1: w1 * (1 + 0.3 * Math.log(b / beta) ** 2) })),
    ...statistics,
    histograms: path,
    warnings: name === "usa" ? ["the profile over β is flat"] : [],
  };
}

function metricsOf(
  statistics: ReturnType<typeof statisticsOf>,
  depths: readonly number[],
  { n, d, texts }: Sizes,
): readonly MetricRow[] {
  const row = (
    text: number,
    layer: number,
    measure: string,
    value: number,
    floor: number,
    spread: number | null = null,
  ): MetricRow => ({
    text,
    layer,
    measure,
    value,
    lo: spread === null ? null : value - spread,
    hi: spread === null ? null : value + spread,
    floor,
    n,
    d,
  });
  return Array.from({ length: texts }, (_, text) => text).flatMap((text) =>
    depths.flatMap((layer) => [
      row(text, layer, "mean_cosine", statistics.mean_cosine[layer]! + 0.01 * text, 0, 0.03),
      row(text, layer, "sd_cosine", statistics.sd_cosine[layer]!, 1 / Math.sqrt(d)),
      ...Object.entries(statistics.mass).map(([t, mass]) => row(text, layer, `mass_${t}`, mass[layer]!, 0)),
      row(text, layer, "effective_rank", 14 - 2 * layer, 13.5),
      row(text, layer, "participation_ratio", 9 - 1.5 * layer, (n * d) / (n + d - 1)),
    ]),
  );
}

function countsOf(
  observed: readonly (readonly number[])[],
  edges: readonly number[],
  { n, d, texts }: Sizes,
): Histograms {
  const pairs = (n * (n - 1)) / 2;
  const layers = observed.map((histogram, layer) => ({ layer, counts: histogram.map((p) => Math.round(p * pairs)) }));
  return {
    format: "tokensphere/histograms",
    version: 1,
    edges,
    texts: Array.from({ length: texts }, (_, text) => ({ text, n, d, layers })),
  };
}
