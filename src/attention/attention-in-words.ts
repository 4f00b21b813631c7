import { mean } from "../../probes/numerics/mean.ts";
import { median, quantiles } from "../../probes/numerics/quantiles.ts";
import type { FitResult } from "../fit/fit-result.ts";
import { familyLabel, isFrozen } from "../laws/families.ts";
import type { AttentionRow } from "../run/rows/attention-row.ts";
import { formatSignificant, percent } from "../words/format-number.ts";

/** The heads of one block over all texts. */
export interface BlockAttention {
  /** k: from layer k to k + 1. */
  readonly layer: number;
  readonly heads: number;
  /** Means over heads and texts, in nats. */
  readonly entropy: number;
  readonly log_keys: number;
  /** Median, smallest and largest slope over heads, each the mean over texts; null where no head has one. */
  readonly beta: number | null;
  readonly beta_range: readonly [number, number] | null;
  /** Median over heads. */
  readonly r2: number | null;
}

/** What is needed of a fit to set its β beside the slopes. */
type Fitted = Pick<FitResult, "families" | "best">;

/** A row of attention this near to equal weights, as a share of their entropy, is all but even. */
const EVEN = 0.01;

/** Blocks in order. */
export function attentionByBlock(rows: readonly AttentionRow[]): BlockAttention[] {
  const layers = [...new Set(rows.map(({ layer }) => layer))].sort((a, b) => a - b);
  return layers.map((layer) => {
    const own = rows.filter((row) => row.layer === layer);
    const betas = headMeans(own, "beta");
    return {
      layer,
      heads: new Set(own.map(({ head }) => head)).size,
      entropy: mean(own.map(({ entropy }) => entropy)),
      log_keys: mean(own.map(({ log_keys }) => log_keys)),
      beta: median(betas),
      beta_range: betas.length === 0 ? null : [Math.min(...betas), Math.max(...betas)],
      r2: median(headMeans(own, "r2")),
    };
  });
}

/**
 * What the heads say of the theory, which supposes that attention grows with the inner product as exp(β⟨x, y⟩), one β
 * for all: how spread attention is, the slopes found, and how much of attention they explain.
 *
 * @param fit its β are set beside the slopes, unless nothing fits.
 */
export function attentionInWords(rows: readonly AttentionRow[], fit: Fitted | null = null): string {
  const blocks = attentionByBlock(rows);
  if (blocks.length === 0) return "";
  const heads = blocks.reduce((sum, block) => sum + block.heads, 0);
  const betas = blocks.flatMap(({ layer }) =>
    headMeans(
      rows.filter((row) => row.layer === layer),
      "beta",
    ),
  );
  const r2 = median(
    blocks.flatMap(({ layer }) =>
      headMeans(
        rows.filter((row) => row.layer === layer),
        "r2",
      ),
    ),
  );
  const entropy = mean(rows.map((row) => row.entropy));
  const most = mean(rows.map((row) => row.log_keys));
  const spread = `Attention of ${heads} heads in ${blocks.length} block${blocks.length === 1 ? "" : "s"}: a row has ${formatSignificant(entropy)} nats of entropy on average, where equal weights would have ${formatSignificant(most)}.`;
  const beta = median(betas);
  if (beta === null || r2 === null) return `${spread} Inner products do not vary enough for a slope.`;
  const falling = betas.filter((b) => b < 0).length / betas.length;
  const [low, high] = quantiles(betas, [0.05, 0.95]);
  const slope = `Log attention against inner product has slope ${formatSignificant(beta)} in the median head (${formatSignificant(low)} to ${formatSignificant(high)} in nine of ten heads, ${falling === 0 ? "none" : falling === 1 ? "all" : percent(falling)} below 0)`;
  const told = `${slope} and explains ${percent(r2)} of the variance within rows: ${strength(r2, beta, most - entropy < EVEN * most)}.`;
  return `${spread} ${told}${fittedInWords(fit)}`;
}

/** SA and USA attend with the same exp(β⟨x, y⟩), each with a β of its own. */
function fittedInWords(fit: Fitted | null): string {
  if (fit === null || isFrozen(fit.best)) return "";
  const betas = fit.families.flatMap((family) =>
    family.beta === null ? [] : [`${formatSignificant(family.beta)} for ${familyLabel(family)}`],
  );
  return ` The fit's β is ${betas.join(", ")}.`;
}

function strength(r2: number, beta: number, even: boolean): string {
  if (even) return "but attention is all but even, so there is hardly anything to explain";
  if (r2 >= 0.1 && beta < 0) {
    return "inner products decide a part of attention, but the other way round: SA attends most to what points the same way";
  }
  if (r2 < 0.1) return "what is attended to hardly depends on inner products, where SA lets it depend on nothing else";
  if (r2 < 0.5) return "inner products decide a part of attention, where SA lets them decide all of it";
  return "inner products decide most of attention; SA lets them decide all of it";
}

/** Each head's mean over texts; heads without a value are left out. */
function headMeans(rows: readonly AttentionRow[], key: "beta" | "r2"): number[] {
  const byHead = new Map<number, number[]>();
  for (const row of rows) {
    const value = row[key];
    if (value !== null) byHead.set(row.head, [...(byHead.get(row.head) ?? []), value]);
  }
  return [...byHead.values()].map(mean);
}
