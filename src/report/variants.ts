import { layerStatistics } from "../figures/parts/layer-statistics.ts";
import { variantStatistics } from "../figures/parts/variant-statistics.ts";
import type { VariantRun, VariantSet } from "../run/variant-set.ts";
import { formatFixed, formatSignificant } from "../words/format-number.ts";
import { escapeHtml, section, table } from "./html.ts";
import type { ReportInput } from "./report-input.ts";

/** Readings of the same weights side by side: what each is, and its numbers layer by layer; nothing where there is one way only. */
export function variants({ variants: set }: ReportInput): string {
  if (!set) return "";
  const items = set.variants.map(({ label, words }) => `<li><b>${escapeHtml(label)}</b>: ${escapeHtml(words)}</li>`);
  const remarks = set.remarks.map((text) => `<li>${escapeHtml(text)}</li>`);
  return section(
    "variants",
    "Readings of the weights",
    `<ul>${[...items, ...remarks].join("\n")}</ul>\n${numbers(set)}`,
  );
}

const HEADS = ["mean cosine", "mass > .9", "rank"] as const;

function numbers(set: VariantSet): string {
  const all = set.variants.map((variant) => cells(variant, set));
  const heads = set.variants.flatMap(({ label }) => HEADS.map((head, k) => (k === 0 ? `${label}: ${head}` : head)));
  const layers = [...new Set(all.flatMap((of) => [...of.keys()]))].sort((a, b) => a - b);
  const rows = layers.map((layer) => [
    nameOf(layer, set),
    ...all.flatMap((of) => of.get(layer) ?? HEADS.map(() => "–")),
  ]);
  const caption =
    "Mean cosine and mass of pairs i ≠ j, effective rank of all tokens, mean over texts. The isotropic floor is what as many independent uniform points would give.";
  return table(caption, ["layer", ...heads], rows, "tall numbers");
}

/** A reading's cells by layer, the floor's under −1, first. */
function cells(variant: VariantRun, set: VariantSet): ReadonlyMap<number, readonly string[]> {
  const ranks = new Map(layerStatistics(variant.metrics, "effective_rank").map((one) => [one.layer, one]));
  const statistics = variantStatistics(variant, set);
  const first = statistics[0];
  const floor = [first?.meanCosine.floor, first?.mass.floor].map((value) => formatFixed(value));
  return new Map<number, readonly string[]>([
    [FLOOR, [...floor, formatSignificant(ranks.get(first?.layer ?? 0)?.floor)]],
    ...statistics.map(
      ({ layer, meanCosine, mass }) =>
        [
          layer,
          [formatFixed(meanCosine.value), formatFixed(mass.value), formatSignificant(ranks.get(layer)?.value)],
        ] as const,
    ),
  ]);
}

const FLOOR = -1;

function nameOf(layer: number, { trainedDepth }: VariantSet): string {
  if (layer === FLOOR) return "isotropic floor";
  if (layer === 0) return "0 (embedding)";
  return layer === trainedDepth ? `${layer} (last trained)` : String(layer);
}
