import type { LayerLabel } from "../../models/stream/hidden-states.ts";
import type { MetricRow } from "../run/metrics.ts";
import type { Tables } from "../run/run-tables.ts";
import { formatSignificant } from "../words/format-number.ts";

/** What was measured of a run. */
type Measured = Tables & { readonly metrics: readonly MetricRow[] };

/** What a head's own logits are measured in, beside β. */
export interface AttentionUnits {
  readonly layer: number;
  /** |x|²/√d_head: β of a head whose logits are ⟨x, y⟩/√d_head of the tokens that enter its block. */
  readonly factor: number;
}

/**
 * The factor between a head's logits and β, block by block. β multiplies ⟨x, y⟩ of unit tokens, logits are ⟨q, k⟩/√d_head of
 * tokens as they are. Blocks whose tokens' length was not measured are left out.
 */
export function attentionUnits({ attention = [], metrics, valueOutput = [] }: Measured): AttentionUnits[] {
  const widths = valueOutput.flatMap(({ width }) => width ?? []);
  const heads = Math.max(...attention.map(({ head }) => head)) + 1;
  const layers = [...new Set(attention.map(({ layer }) => layer))].sort((a, b) => a - b);
  return layers.flatMap((layer) => {
    const norm = meanOf(metrics, layer);
    return norm === null ? [] : [{ layer, factor: norm.value ** 2 / Math.sqrt(widths[0] ?? norm.d / heads) }];
  });
}

/** The two units in a sentence; empty where no length is known. */
export function attentionUnitsInWords(measured: Measured): string {
  const units = measured.attention?.length ? attentionUnits(measured) : [];
  if (units.length === 0) return "";
  const factors = units.map(({ factor }) => factor).sort((a, b) => a - b);
  const [least, most] = [formatSignificant(factors[0]), formatSignificant(factors[factors.length - 1])];
  const range = least === most ? `${least} c` : `${least} c to ${most} c`;
  return `β multiplies inner products of unit tokens; a head's logits are ⟨q, k⟩/√d_head of tokens as they are: where W_Q W_Kᵀ is c times the identity, β is c |x|²/√d_head, for the tokens that enter these blocks ${range} (behind a norm |x|² is d times its squared gain).`;
}

function meanOf(
  metrics: readonly MetricRow[],
  layer: LayerLabel,
): { readonly value: number; readonly d: number } | null {
  const rows = metrics.filter((row) => row.layer === layer && row.measure === "norm_mean");
  if (rows.length === 0) return null;
  return { value: rows.reduce((sum, { value }) => sum + value, 0) / rows.length, d: rows[0].d };
}
