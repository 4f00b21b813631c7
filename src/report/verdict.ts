import { loopedInWords } from "../figures/looped-in-words.ts";
import { layerStatistics } from "../figures/parts/layer-statistics.ts";
import { variantsInWords } from "../figures/variants-in-words.ts";
import { isFrozen } from "../laws/families.ts";
import { formatFixed } from "../words/format-number.ts";
import { countsInWords } from "./counts-in-words.ts";
import { escapeHtml, prose } from "./html.ts";
import type { ReportInput } from "./report-input.ts";

/** The opening: what was found, in two or three sentences. The fit says it; without a fit, what was measured is said. */
export function verdict(run: ReportInput): string {
  const looped = run.variants ? loopedInWords(run.variants) : [];
  if (run.fit && looped.length > 0) return opening(run, [run.fit.verdict, ...looped]);
  const seen = run.variants ? variantsInWords(run.variants) : run.fit ? [] : [observedInWords(run)];
  const fitted = run.fit ? [`${run.variants ? `${run.variants.variants[0]?.label}: ` : ""}${run.fit.verdict}`] : [];
  return opening(run, [...seen, ...fitted]);
}

function opening(run: ReportInput, sentences: readonly string[]): string {
  const state = run.fit && isFrozen(run.fit.best) ? "verdict none" : "verdict";
  return `<p class="${state}">${prose(sentences.join(" "))}</p>\n<p class="size">${escapeHtml(countsInWords(run, run.manifest))}</p>\n`;
}

function observedInWords(run: ReportInput): string {
  const cosines = layerStatistics(run.metrics, "mean_cosine");
  const [first, last] = [cosines[0], cosines.at(-1)];
  if (!first || !last) return "Nothing was measured and no dynamics was fitted.";
  const path = `goes from ${formatFixed(first.value)} at layer ${first.layer} to ${formatFixed(last.value)} at layer ${last.layer}`;
  return `The mean cosine of token pairs ${path}; isotropic points would give ${formatFixed(first.floor ?? 0)}. No dynamics was fitted in this run.`;
}
