import { attentionByBlock, attentionInWords } from "../words/attention-in-words.ts";
import { formatFixed, formatPercent, formatSignificant } from "../words/format-number.ts";
import { escapeHtml, section, table } from "./html.ts";
import type { ReportInput } from "./report-input.ts";

const CAPTION =
  "Attention by block, over heads and texts. Entropy of a row in nats beside that of equal weights; slope of log attention against inner product within rows, an effective β of each head; share of the variance within rows that it explains.";

/** Where attention was asked for: what the heads say of β, in words and by block. */
export function attentionSection({ attention = [], fit }: ReportInput): string {
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
    formatPercent(block.r2),
  ]);
  const words = `<p>${escapeHtml(attentionInWords(attention, fit))}</p>\n`;
  return section("attention", "Attention", words + table(CAPTION, heads, rows, "numbers"));
}
