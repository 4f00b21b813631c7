import { attentionByBlock } from "../attention/attention-in-words.ts";
import { updateBetas } from "../attention/update-betas.ts";
import { VALUE_OUTPUT_COLUMNS, valueOutputCells } from "../attention/value-output-cells.ts";
import type { ComparedFit } from "../comparison/comparison.ts";
import { table } from "../effects/table.ts";
import { layerStatistics } from "../figures/parts/layer-statistics.ts";
import { isFrozen } from "../laws/families.ts";
import type { AttentionRow } from "../run/rows/attention-row.ts";
import type { ValueOutputRow } from "../run/rows/value-output-row.ts";
import type { RunData } from "../run/run-data.ts";
import type { UpdateRow } from "../updates/update-row.ts";
import { fixedDigits, formatSignificant } from "../words/format-number.ts";
import { histogramLines } from "./histogram-lines.ts";

/** A few numbers a layer for the terminal, mean over texts. */
export function summaryTable(run: RunData, width: number | null = null): string[] {
  const wanted = [
    "mean_cosine",
    "sd_cosine",
    "mass_0.9",
    "mass_0.99",
    "mean_inner_product",
    "sd_inner_product",
    "effective_rank",
  ];
  const columns = wanted.filter((measure) => run.metrics.some((row) => row.measure === measure));
  const values = columns.map(
    (measure) => new Map(layerStatistics(run.metrics, measure).map((s) => [s.layer, s.value])),
  );
  const layers = [...new Set(run.metrics.map((row) => row.layer))].filter((layer) => typeof layer === "number");
  const middle = columns.map(
    (measure) => new Map(layerStatistics(run.mid ?? [], measure).map((s) => [s.layer, s.value])),
  );
  const line = (name: string, of: number, cells: typeof values) => [
    name,
    ...cells.map((cell) => formatSignificant(cell.get(of))),
  ];
  const rows = layers.flatMap((layer) => [
    line(String(layer), layer, values),
    ...(middle.some((of) => of.has(layer)) ? [line(`${layer} mid`, layer, middle)] : []),
  ]);
  const histograms = histogramLines(run.histograms);
  const names = columns.map((c) => c.replaceAll("_", " "));
  if (histograms === null) return table(["layer", ...names], rows, width);
  const [lo, hi] = histograms.range.map((edge) => fixedDigits(edge, 1));
  const told = rows.map((row) => [...row, histograms.lines.get(Number(row[0])) ?? ""]);
  return table(["layer", ...names, `products ${lo} … ${hi}`], told, width);
}

/** W1 between network and prediction, layer by layer, for the terminal. */
export function distanceTable({ families, observed }: ComparedFit, width: number | null = null): string[] {
  const head = ["layer", ...families.map(({ name }) => `W1 ${name}`)];
  const rows = observed.layers.map((layer, k) => [
    String(layer),
    ...families.map((f) => formatSignificant(f.w1_by_layer[k])),
  ]);
  return table(head, rows, width);
}

/** Attention by block for the terminal, over heads and texts; beside it, where updates were measured, SA's best β in them. */
export function attentionTable(
  rows: readonly AttentionRow[],
  updates?: readonly UpdateRow[],
  width: number | null = null,
): string[] {
  const head = ["block", "heads", "entropy", "equal weights", "beta median", "smallest", "largest", "R2 median"];
  const betas = updateBetas(updates);
  const blocks = attentionByBlock(rows).map((block) => [
    String(block.layer + 1),
    String(block.heads),
    ...[block.entropy, block.log_keys, block.beta, block.beta_range?.[0], block.beta_range?.[1], block.r2].map(
      formatSignificant,
    ),
    ...(betas.size > 0 ? [formatSignificant(betas.get(block.layer))] : []),
  ]);
  return table(betas.size > 0 ? [...head, "beta of SA in the update"] : head, blocks, width);
}

/** Spectra of value and output weights by block, for the terminal. */
export function valueOutputTable(rows: readonly ValueOutputRow[], width: number | null = null): string[] {
  return table(VALUE_OUTPUT_COLUMNS, valueOutputCells(rows), width);
}

/** The families of a fit for the terminal. */
export function familyTable(fit: ComparedFit, width: number | null = null): string[] {
  const rows = fit.families.map((f) => [
    f.name,
    f.beta === null ? "" : formatSignificant(f.beta),
    f.beta_interval === null ? "" : f.beta_interval.map(formatSignificant).join(" … "),
    isFrozen(f.name) ? "" : f.time.map,
    formatSignificant(f.w1),
    formatSignificant(f.skill),
    formatSignificant(f.skill_held_out),
    formatSignificant(f.pair_skill),
    formatSignificant(f.token_skill),
    formatSignificant(f.displacement_cosine),
  ]);
  const head = ["family", "beta", "95 % interval", "time", "W1", "skill", "held out", "pairs", "tokens", "direction"];
  return table(head, rows, width);
}

/** What could explain the layers without attention, nulls and controls, for the terminal; none of older fits. */
export function rivalTable({ rivals = [], ceiling }: ComparedFit, width: number | null = null): string[] {
  if (rivals.length === 0) return [];
  const rows = rivals
    .filter(({ name }) => !isFrozen(name))
    .map((one) => [
      one.rival ? one.label : `(${one.label})`,
      ...[one.w1_skill, one.pair_skill, one.token_skill, one.pair_z, one.token_z].map(formatSignificant),
    ]);
  const bound = ceiling ? [["(ceiling: the other half)", `${formatSignificant(ceiling.lower)}`, "–", "–", "", ""]] : [];
  const named = ceiling?.by === "texts" ? bound.map(([, ...rest]) => ["(ceiling: the other texts)", ...rest]) : bound;
  return table(["without attention", "skill", "pairs", "tokens", "z pairs", "z tokens"], [...rows, ...named], width);
}
