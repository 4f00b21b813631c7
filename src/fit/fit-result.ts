import type { FamilyStyle } from "./families.ts";

/** The name of a candidate: of the table of families, or one that was given to the fit. `frozen` is the baseline. */
export type FamilyName = string;

/** How simulated time was laid along the layers: one step size for all, or any non-decreasing sequence. */
export type TimeMap = "linear" | "monotone";

/** Where along the simulated time each layer lies. */
export interface FittedTime {
  readonly map: TimeMap;
  /** One time per observed layer, the first 0, never decreasing. */
  readonly values: readonly number[];
}

/** One point of the β profile: the smallest mean W1 that any time map of the kind allows at this β. */
export interface ProfilePoint {
  readonly beta: number;
  readonly w1: number;
}

/** One candidate under one time map, with what draws it again; older files lack the style, `familyStyles` fills it in. */
export interface FamilyFit extends Partial<FamilyStyle> {
  readonly name: FamilyName;
  /** Inverse temperature; `null` for `frozen`, which has none. */
  readonly beta: number | null;
  /** 95 % bootstrap interval; `null` for `frozen` or where it was not asked for. */
  readonly beta_interval: readonly [number, number] | null;
  readonly time: FittedTime;
  /** Mean over the layers after the first of the W1 distance between observed and predicted inner products (0 … 2). */
  readonly w1: number;
  /** One distance a layer, the first 0 by construction. */
  readonly w1_by_layer: readonly number[];
  /** 1 − w1 / w1(frozen): 1 is perfect, 0 no better than assuming that nothing moves. `null` where nothing moves but for rounding. */
  readonly skill: number | null;
  /** The same on inner layers left out of the fit in turn, their time interpolated between their neighbours'. `null` with fewer than three layers. */
  readonly skill_held_out: number | null;
  readonly w1_held_out: number | null;
  /** Number of free parameters. */
  readonly complexity: number;
  /** Measured on the pairs of at most 128 tokens, so that it may lie a little off `w1`, which uses all. */
  readonly profile: readonly ProfilePoint[];
  /** Predicted statistics of the inner products, one value a layer, mean over texts. */
  readonly mean_cosine: readonly number[];
  readonly sd_cosine: readonly number[];
  readonly mass: Readonly<Record<string, readonly number[]>>;
  /** Predicted histogram of inner products per layer, as probabilities on `FitResult.edges`, mean over texts. */
  readonly histograms: readonly (readonly number[])[];
  /** Sentences on what limits this fit (flat profile, β at the edge of the search, time horizon reached …). */
  readonly warnings: readonly string[];
}

/** What was fitted to. */
export interface Observed {
  readonly source: string;
  readonly texts: number;
  /** Tokens of each text after the policies. */
  readonly n: readonly number[];
  readonly d: number;
  /** Layers fitted, the first is where the simulation starts. */
  readonly layers: readonly number[];
  readonly mean_cosine: readonly number[];
  readonly sd_cosine: readonly number[];
  readonly mass: Readonly<Record<string, readonly number[]>>;
  readonly histograms: readonly (readonly number[])[];
  readonly policy: Readonly<Record<string, unknown>>;
}

/** `fit.json` and what `tokensphere fit --json` prints. */
export interface FitResult {
  readonly format: "tokensphere/fit";
  readonly version: 1;
  readonly observed: Observed;
  /** Edges of all histograms here. */
  readonly edges: readonly number[];
  /** One entry per family under the chosen time map; `frozen` last. */
  readonly families: readonly FamilyFit[];
  /** The same families under the other time map, for comparison. */
  readonly alternatives: readonly FamilyFit[];
  readonly best: FamilyName;
  /** Two or three sentences: what was found, in words. */
  readonly verdict: string;
  readonly seed: number;
}
