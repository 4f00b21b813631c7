import { type LayerStatistic, layerStatistics } from "../figures/parts/layer-statistics.ts";
import { familyLabel, isFrozen } from "../laws/families.ts";
import type { MetricRow } from "../run/metrics.ts";
import type { StoredRun } from "../run/read-run.ts";
import { type Difference, differenceOf, LEAST_TEXTS, pairedDifference, ratioOf } from "./difference.ts";
import { type RunSummary, summaryOf } from "./run-summary.ts";

/** A run that is put beside others. */
export interface ReadRun extends StoredRun {
  readonly folder: string;
}

/** A measure after one layer: a value a run, and how much each differs from the first. `null`: it has no such layer. */
export interface MeasureBeside {
  readonly measure: string;
  readonly layer: number;
  readonly values: readonly (number | null)[];
  readonly differences: readonly (Difference | null)[];
}

/** A family that more than one run fitted. */
export interface FamilyBeside {
  readonly family: string;
  readonly beta: readonly (number | null)[];
  /** β over that of the first run. */
  readonly ratios: readonly (Difference | null)[];
  readonly w1_skill: readonly (number | null)[];
  readonly pair_skill: readonly (number | null)[];
  readonly token_skill: readonly (number | null)[];
}

/** `comparison.json`: runs side by side, each held against the first. */
export interface SideBySide {
  readonly format: "tokensphere/comparison";
  readonly version: 1;
  readonly runs: readonly RunSummary[];
  /** Flags in which the runs differ, as text; empty where one has none. */
  readonly differs: readonly { readonly flag: string; readonly values: readonly string[] }[];
  /** What intervals of differences are over: the same texts pair by pair, or the tokens of each run by itself. */
  readonly intervals: "texts" | "tokens";
  readonly measures: readonly MeasureBeside[];
  /** The mean cosine after each run's own last layer; `null` where one was not measured. */
  readonly last: (Omit<MeasureBeside, "measure" | "layer"> & { readonly layers: readonly number[] }) | null;
  readonly families: readonly FamilyBeside[];
}

/** Measures that are put beside each other. */
const MEASURES = ["mean_cosine", "sd_cosine", "mass_0.9", "effective_rank"] as const;

/** Flags that say where a run lies or what it is called. */
const OF_NO_MATTER = ["out", "force", "json", "name", "note", "open", "quiet", "debug"];

/** Puts runs side by side; the first is what the others are held against. At least one. */
export function sideBySide(runs: readonly ReadRun[]): SideBySide {
  return {
    format: "tokensphere/comparison",
    version: 1,
    runs: distinct(runs.map(({ folder, manifest, data }) => summaryOf(folder, manifest, data))),
    differs: differingFlags(runs.map(({ manifest }) => manifest.arguments)),
    intervals: arePaired(runs) ? "texts" : "tokens",
    measures: MEASURES.flatMap((measure) => besideByLayer(runs, measure)),
    last: lastBeside(runs),
    families: familiesBeside(runs),
  };
}

function lastBeside(runs: readonly ReadRun[]): SideBySide["last"] {
  const ends = runs.map(({ data }) => layerStatistics(data.metrics, "mean_cosine").at(-1));
  const known = ends.filter((one) => one !== undefined);
  if (known.length < runs.length) return null;
  const layers = known.map(({ layer }) => layer);
  return {
    layers,
    values: known.map(({ value }) => value),
    differences: known.map((_, k) => (k === 0 ? null : between(runs, "mean_cosine", known, layers, k))),
  };
}

/** How much a measure of run k differs from that of the first, each after a layer of its own. */
function between(
  runs: readonly ReadRun[],
  measure: string,
  statistics: readonly (LayerStatistic | null)[],
  layers: readonly number[],
  k: number,
): Difference | null {
  const [first, one] = [statistics[0], statistics[k]];
  if (!first || !one) return null;
  if (first.value === one.value && first.lo === one.lo && first.hi === one.hi) return { value: 0, lo: 0, hi: 0 }; // The same states.
  if (arePaired(runs)) {
    const [a, b] = [0, k].map((run) => byText(runs[run]!.data.metrics, measure, layers[run]!)) as Two;
    return pairedDifference(a, b);
  }
  return runs[k]!.data.histograms.texts.length > 1 ? bare(first, one) : differenceOf(first, one);
}

/** Runs of one name are told apart by number. */
function distinct(runs: readonly RunSummary[]): readonly RunSummary[] {
  return runs.map((run, k) => {
    const before = runs.slice(0, k).filter(({ name }) => name === run.name).length;
    return before === 0 ? run : { ...run, name: `${run.name} (${before + 1})` };
  });
}

function differingFlags(all: readonly Readonly<Record<string, unknown>>[]): SideBySide["differs"] {
  const names = [...new Set(all.flatMap((one) => Object.keys(one)))].filter((name) => !OF_NO_MATTER.includes(name));
  return names.flatMap((name) => {
    const values = all.map((one) => textOf(one[name]));
    return new Set(values).size > 1 ? [{ flag: name, values }] : [];
  });
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whether all runs have the same texts, as far as their numbers of tokens tell, and enough of them. */
function arePaired(runs: readonly ReadRun[]): boolean {
  const sizes = runs.map(({ data }) => data.histograms.texts.map(({ n }) => n).join());
  return new Set(sizes).size === 1 && runs[0]!.data.histograms.texts.length >= LEAST_TEXTS;
}

function besideByLayer(runs: readonly ReadRun[], measure: string): readonly MeasureBeside[] {
  const known = runs.map(({ data }) => new Map(layerStatistics(data.metrics, measure).map((one) => [one.layer, one])));
  if (!known.every((of) => of.size > 0)) return [];
  const layers = [...new Set(known.flatMap((of) => [...of.keys()]))].sort((a, b) => a - b);
  return layers.map((layer) => {
    const at = known.map((of) => of.get(layer) ?? null);
    const same = runs.map(() => layer);
    const differences = at.map((_, k) => (k === 0 ? null : between(runs, measure, at, same, k)));
    return { measure, layer, values: at.map((one) => one?.value ?? null), differences };
  });
}

type Two = [readonly number[], readonly number[]];

/** Over several texts that are not the same, bounds are their range: no interval comes of it. */
function bare(a: { readonly value: number }, b: { readonly value: number }): Difference {
  return { value: b.value - a.value, lo: null, hi: null };
}

function byText(metrics: readonly MetricRow[], measure: string, layer: number): readonly number[] {
  return metrics
    .filter((row) => row.measure === measure && row.layer === layer)
    .sort((a, b) => a.text - b.text)
    .map(({ value }) => value);
}

function familiesBeside(runs: readonly ReadRun[]): readonly FamilyBeside[] {
  const fits = runs.map(({ data }) => data.fit?.families ?? []);
  const names = [...new Set(fits.flatMap((all) => all.map(({ name }) => name)))].filter((name) => !isFrozen(name));
  return names.flatMap((name) => {
    const found = fits.map((all) => all.find((one) => one.name === name) ?? null);
    if (found.filter((one) => one !== null).length < 2) return [];
    const estimates = found.map((one) =>
      one?.beta ? { value: one.beta, lo: one.beta_interval?.[0] ?? null, hi: one.beta_interval?.[1] ?? null } : null,
    );
    const [first] = estimates;
    return [
      {
        family: familyLabel(found.find((one) => one !== null)!),
        beta: found.map((one) => one?.beta ?? null),
        ratios: estimates.map((one, k) => (k === 0 || !one || !first ? null : ratioOf(first, one))),
        w1_skill: found.map((one) => one?.skill ?? null),
        pair_skill: found.map((one) => one?.pair_skill ?? null),
        token_skill: found.map((one) => one?.token_skill ?? null),
      },
    ];
  });
}
