import { join } from "node:path";
import { variantsInWords } from "../figures/variants-in-words.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import type { RunData } from "../run/run-data.ts";
import type { Tables } from "../run/run-tables.ts";
import { tablesJson } from "../run/tables-json.ts";
import { familyTable } from "../terminal/summary.ts";
import { variantTable } from "../terminal/variant-table.ts";

/** What a preset's run says on the terminal: words, the readings side by side, the fit where there is one. */
export function variantsSpoken({ fit, variants }: RunData): readonly string[] {
  if (!variants) return [];
  const fitted = fit ? ["", `${variants.variants[0]?.label}: ${fit.verdict}`, "", ...familyTable(fit)] : [];
  return [...variantsInWords(variants), "", ...variantTable(variants), ...fitted, ""];
}

/** The same as one JSON document; `metrics` are those of the first reading. */
export function variantsJson(
  about: { readonly model: string; readonly preset: string },
  { metrics, fit, variants }: RunData,
  tables: Tables,
  folder: string,
): string {
  const readings = variants?.variants.map(({ name, label, words, metrics: own }) => ({
    name,
    label,
    words,
    metrics: own,
  }));
  const words = variants ? variantsInWords(variants) : [];
  const paths = { folder, report: join(folder, RUN_FILES.report) };
  return JSON.stringify({
    ...about,
    metrics,
    ...tablesJson(tables),
    variants: readings,
    words,
    ...(fit ? { fit } : {}),
    paths,
  });
}
