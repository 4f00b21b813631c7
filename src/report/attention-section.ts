import { attentionByBlock, attentionInWords } from "../attention/attention-in-words.ts";
import { attentionUnitsInWords } from "../attention/attention-units.ts";
import { updateBetas } from "../attention/update-betas.ts";
import { VALUE_OUTPUT_COLUMNS, valueOutputCells } from "../attention/value-output-cells.ts";
import { valueOutputInWords } from "../attention/value-output-in-words.ts";
import type { ValueOutputRow } from "../run/rows/value-output-row.ts";
import { formatFixed, formatSignificant, percent } from "../words/format-number.ts";
import { prose, section, table } from "./html.ts";
import type { ReportInput } from "./report-input.ts";

const CAPTION =
  "Attention by block, over heads and texts. Entropy of a row in nats beside that of equal weights; slope of log attention against inner product within rows, an effective β of each head; share of the variance within rows that it explains.";

const SPECTRA =
  "Value and output weights by block, W_V W_O = M of each head. λ: eigenvalues of M; Σλ/Σ|λ| is 1 where what is handed on points the way of the token. Attracting part: positive share of the eigenvalues of (M + Mᵀ)/2. Likeness to I: tr M / (√width · ‖M‖).";

/** Where attention was asked for: what the heads say of β, in words and by block. */
export function attentionSection(run: ReportInput): string {
  const { attention = [], valueOutput = [], fit } = run;
  const betas = updateBetas(run.updates);
  if (attention.length === 0) return "";
  const heads = [
    "block",
    "from layer",
    "heads",
    "entropy",
    "equal weights",
    "β, median head",
    "smallest",
    "largest",
    "R², median head",
    ...(betas.size > 0 ? ["β of SA in the update"] : []),
  ];
  const rows = attentionByBlock(attention).map((block) => [
    String(block.layer + 1),
    String(block.layer),
    String(block.heads),
    formatFixed(block.entropy),
    formatFixed(block.log_keys),
    formatSignificant(block.beta),
    formatSignificant(block.beta_range?.[0]),
    formatSignificant(block.beta_range?.[1]),
    percent(block.r2),
    ...(betas.size > 0 ? [formatSignificant(betas.get(block.layer))] : []),
  ]);
  const told = [attentionInWords(attention, fit), attentionUnitsInWords(run)].filter((text) => text !== "").join(" ");
  const words = `<p>${prose(told)}</p>\n`;
  return section("attention", "Attention", words + table(CAPTION, heads, rows, "numbers") + spectra(valueOutput));
}

/** What values and output do, where the theory has the identity. */
function spectra(rows: readonly ValueOutputRow[]): string {
  if (rows.length === 0) return "";
  const words = `<p>${prose(valueOutputInWords(rows))}</p>\n`;
  const cells = valueOutputCells(rows);
  return words + (cells.length === 0 ? "" : table(SPECTRA, VALUE_OUTPUT_COLUMNS, cells, "numbers"));
}
