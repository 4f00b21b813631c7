import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { nearestFamily } from "../comparison/nearest-family.ts";
import { layerStatistics } from "../figures/parts/layer-statistics.ts";
import { FIT } from "../formats/fit-format.ts";
import { readFormat } from "../formats/read-format.ts";
import { RUN } from "../formats/run-formats.ts";
import { familyLabel } from "../laws/families.ts";
import { headsOf, modelName, overridesInWords, textNames } from "../report/measured.ts";
import { checkRunFiles } from "../run/check-run-files.ts";
import type { Manifest } from "../run/manifest.ts";
import { METRICS, type MetricRow } from "../run/metrics.ts";
import { runText } from "../run/read-run.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import type { RunData } from "../run/run-data.ts";

/** Mean inner product of token pairs after a layer. */
export interface LayerMean {
  readonly layer: number;
  readonly value: number;
  /** Of one text the 95 % jackknife interval over tokens, of several their range; `null` where it is not known. */
  readonly lo: number | null;
  readonly hi: number | null;
}

/** What a run is and came to, as lists have it. JSON. */
export interface RunSummary {
  readonly folder: string;
  /** What the user called it, else the folder's name. */
  readonly name: string;
  readonly note: string | null;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly command: string;
  /** The model, or the file of states. */
  readonly model: string;
  /** What was asked of the model against its files: "depth 48". */
  readonly overrides: readonly string[];
  /** "a.txt, b.txt and 4 more"; empty where nothing names them. */
  readonly texts: string;
  /** Tokens of each text. */
  readonly tokens: readonly number[];
  /** Numbered layers, the embedding among them. */
  readonly layers: number;
  /** Of its model; `null` where that is not known, as of saved states. */
  readonly heads: number | null;
  readonly mean_cosine: readonly LayerMean[];
  /** `null` without a fit, and of fits that are older than conclusions. */
  readonly conclusion: string | null;
  /** The family that comes nearest; `null` without a fit. */
  readonly family: string | null;
  readonly beta: number | null;
  readonly beta_interval: readonly [number, number] | null;
  readonly w1_skill: number | null;
  readonly pair_skill: number | null;
  readonly token_skill: number | null;
}

/**
 * Reads of a run's folder what a list says of it; figures and explorer are left alone.
 *
 * @throws TokensphereError `input` where a file is not what its name says or what the run wrote.
 */
export function readSummary(folder: string): RunSummary {
  const manifest = readFormat(RUN, join(folder, RUN_FILES.manifest));
  checkRunFiles(folder, manifest, [RUN_FILES.metrics, RUN_FILES.fit]);
  const metrics = METRICS.fromCsv(runText(join(folder, RUN_FILES.metrics)));
  const path = join(folder, RUN_FILES.fit);
  const fit = existsSync(path) ? readFormat(FIT, path) : null;
  return summaryOf(folder, manifest, { metrics, fit });
}

/** A summary of what was read. */
export function summaryOf(
  folder: string,
  manifest: Manifest,
  { metrics, fit }: Pick<RunData, "metrics" | "fit">,
): RunSummary {
  const means = layerStatistics(metrics, "mean_cosine");
  const family = fit ? nearestFamily(fit.families, fit.best) : undefined;
  return {
    folder,
    name: manifest.name ?? basename(folder),
    note: manifest.note ?? null,
    created: manifest.created,
    command: manifest.command,
    model: modelName(manifest.model)[0] ?? manifest.states?.name ?? "states",
    overrides: overridesInWords(manifest.model),
    texts: textNames(manifest.texts)[0] ?? "",
    tokens: tokensOf(metrics),
    layers: means.length,
    heads: headsOf(manifest.model),
    mean_cosine: means.map(({ layer, value, lo, hi }) => ({ layer, value, lo, hi })),
    conclusion: fit?.conclusion ?? null,
    family: family ? familyLabel(family) : null,
    beta: family?.beta ?? null,
    beta_interval: family?.beta_interval ?? null,
    w1_skill: family?.skill ?? null,
    pair_skill: family?.pair_skill ?? null,
    token_skill: family?.token_skill ?? null,
  };
}

function tokensOf(metrics: readonly MetricRow[]): readonly number[] {
  return [...new Map(metrics.map(({ text, n }) => [text, n])).values()];
}
