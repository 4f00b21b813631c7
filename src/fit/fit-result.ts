import type { TimeMap } from "../alignment/align.ts";
import type { BetaIntervals } from "../alignment/bootstrap.ts";
import type { FamilyStyle } from "../laws/families.ts";
import type { StartName } from "../laws/starts.ts";

export type { TimeMap } from "../alignment/align.ts";

/** The name of a candidate: of the table of families, or one that was given to the fit. `frozen` is the baseline. */
export type FamilyName = string;

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

/** One text fitted by itself, under the time map of all. */
export interface TextBeta {
  readonly text: number;
  /** Tokens. */
  readonly n: number;
  readonly beta: number | null;
  /** 95 %; `null` with fewer than five tokens or where it was not asked for. */
  readonly beta_interval: readonly [number, number] | null;
  /** Measured on the pairs of at most 128 tokens. */
  readonly w1: number;
  readonly skill: number | null;
}

/** Cochran's Q of ln β over texts. */
export interface TextsAgree {
  readonly q: number;
  readonly df: number;
  /** Of a Q as large if all texts had one β. */
  readonly p: number;
  /** Whether p is at least .05. */
  readonly agree: boolean;
}

/** What is known of a chosen fit beyond its numbers; `null` where there is none. Older files lack it, and so does the other time map. */
export interface FamilyChecks {
  /** As `beta_interval`, at 50, 80 and 95 %. */
  readonly beta_intervals: BetaIntervals | null;
  /** β fitted from the next layer on: where it differs, noise or what is peculiar to the first layer matters. */
  readonly beta_next_start: { readonly layer: number; readonly beta: number } | null;
  /**
   * What β would be without noise that is fresh for each token in every layer: its root mean square length in radians, told from
   * what the nearest fit leaves, and β fitted with what such noise does to a prediction that starts from a noisy layer. It corrects for such
   * noise and for nothing else. Intervals are around this value.
   */
  readonly beta_corrected: { readonly beta: number; readonly noise: number } | null;
  /** Each text by itself; empty where β is not searched. */
  readonly texts: readonly TextBeta[];
  /** Whether they have one β; `null` of one text. */
  readonly texts_agree: TextsAgree | null;
  /** The skill that 95 % of random orders of the layers stay below; `null` where there are fewer than 20 orders. */
  readonly null_skill: number | null;
  /** Share of the orders, the true one among them, that are fitted as well. */
  readonly null_p: number | null;
  /** Monte-Carlo standard error of `null_p`. */
  readonly null_p_error: number | null;
  /** Orders tried beside the true one. */
  readonly null_orders: number;
}

/** One candidate under one time map, with what draws it again; older files lack the style, `familyStyles` fills it in. */
export interface FamilyFit extends Partial<FamilyStyle>, Partial<FamilyChecks> {
  readonly name: FamilyName;
  /** Inverse temperature; `null` for `frozen` and wherever the dynamics reads none. */
  readonly beta: number | null;
  /** What its dynamics reads beside β, fitted or given: numbers only. Missing where it reads none. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** Where its tokens start, if not where the network's do: they are then no tokens of the network. */
  readonly start?: StartName;
  /**
   * 95 % interval around `beta_corrected.beta`, which is `beta` where there is next to no noise or none can be told; `beta` may lie
   * outside where there is much. From resampled tokens or texts, the accuracy of the search and the noise. `null` where β is not
   * searched, is not determined, of fewer than five tokens, or where none was asked for.
   */
  readonly beta_interval: readonly [number, number] | null;
  readonly time: FittedTime;
  /** Mean over the layers after the first of the W1 distance between observed and predicted inner products (0 … 2). */
  readonly w1: number;
  /** One distance a layer, the first 0 by construction, unless tokens start elsewhere. */
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

/**
 * What a prediction is not fitted to. `layers`: inner layers in turn, their times interpolated; `last_third`: of the layers, by β and
 * one step fitted to those before; `texts`: each by β and times fitted to the others; `tokens`: the pairs of a random half, by β and
 * times fitted to the pairs of the other half.
 */
export type HeldKind = "layers" | "last_third" | "texts" | "tokens";

/** One family on one kind of held-out data. */
export interface HeldOutRow {
  readonly kind: HeldKind;
  readonly family: FamilyName;
  /** 1 − W1 / W1(frozen) over what is held out, on the pairs of at most 128 tokens; `null` for the reason given. */
  readonly w1_skill: number | null;
  readonly reason: string | null;
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
  /** True where tokens see only what comes before them; missing elsewhere. */
  readonly causal?: boolean;
  /** Edges of all histograms here. */
  readonly edges: readonly number[];
  /** One entry per family under the time map chosen for all; `frozen` last. */
  readonly families: readonly FamilyFit[];
  /** The same families under the other time map, for comparison. */
  readonly alternatives: readonly FamilyFit[];
  /** Averaging, the rival that chooses nothing, with times of its own under the same map. Older files lack it. */
  readonly averaging?: FamilyFit;
  /** Every family, averaging and frozen on what they were not fitted to. Older files lack it. */
  readonly held_out?: readonly HeldOutRow[];
  readonly best: FamilyName;
  /** Two or three sentences: what was found, in words. */
  readonly verdict: string;
  readonly seed: number;
}
