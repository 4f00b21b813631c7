import { meanOfKnown } from "../../probes/numerics/mean.ts";
import { median } from "../../probes/numerics/quantiles.ts";
import type { AttentionRow } from "../run/rows/attention-row.ts";
import type { RunData } from "../run/run-data.ts";
import { layerChannel } from "./parts/by-layer.ts";
import { type Figure, type FigureSpec, inlineData } from "./parts/spec.ts";
import { ACCENT, framed, SOFT_INK } from "./parts/theme.ts";

/** The effective β of one head, mean over texts. */
export interface HeadBetaRow {
  /** The layer that its block leaves. */
  readonly layer: number;
  readonly head: number;
  readonly beta: number;
  /** Share of the variance of log attention that inner products explain. */
  readonly r2: number;
}

/** Rows of {@link betaByHead}; heads that have no β in any text are left out. */
export function headBetaRows(attention: readonly AttentionRow[]): readonly HeadBetaRow[] {
  const heads = new Map<string, AttentionRow[]>();
  for (const row of attention) {
    const key = `${row.layer} ${row.head}`;
    heads.set(key, [...(heads.get(key) ?? []), row]);
  }
  return [...heads.values()].flatMap((rows) => {
    const beta = meanOfKnown(rows.map((row) => row.beta));
    if (beta === null) return [];
    return [{ layer: rows[0]!.layer, head: rows[0]!.head, beta, r2: meanOfKnown(rows.map((row) => row.r2)) ?? 0 }];
  });
}

const WIDTH = 560;

export const betaByHeadFigure: Figure<RunData> = {
  name: "betaByHead",
  title: () => "β of every head",
  caption: () =>
    "The slope of log attention against inner product within rows, an effective β of each head; mean over texts. A point is as dark as the share of the variance that inner products explain: pale heads choose by something else. Line: the median over heads. Below 0 a head prefers tokens that point elsewhere.",
  draw: ({ attention = [] }, { about }) => {
    const rows = headBetaRows(attention);
    return rows.length === 0 ? null : betaByHead(rows, about);
  },
};

/** One point a head and block, the medians as a line. */
export function betaByHead(rows: readonly HeadBetaRow[], about = ""): FigureSpec {
  const layers = [...new Set(rows.map(({ layer }) => layer))].sort((a, b) => a - b);
  const middle = (layer: number) => median(rows.filter((row) => row.layer === layer).map(({ beta }) => beta));
  const medians = layers.flatMap((layer) => [{ layer, beta: middle(layer) ?? 0 }]);
  const frame = {
    title: `β of ${new Set(rows.map(({ head }) => head)).size} heads, block by block`,
    subtitle: ["slope of log attention against inner product", about].filter(Boolean).join("; "),
    description:
      "Points: effective β of each head against the layer that its block leaves. Line: the median over heads.",
  };
  const y = { field: "beta", type: "quantitative" as const, title: "effective β" };
  return framed(frame, {
    width: WIDTH,
    height: 240,
    encoding: { x: { ...layerChannel(layers, WIDTH), title: "layer that the block leaves" }, y },
    layer: [
      {
        data: inlineData([{ beta: 0 }]),
        mark: { type: "rule", color: SOFT_INK, strokeDash: [2, 3] },
        encoding: { x: null, y },
      },
      { data: inlineData(medians), mark: { type: "line", color: SOFT_INK, strokeWidth: 1.5 } },
      {
        data: inlineData(rows),
        mark: { type: "point", filled: true, color: ACCENT, size: 45 },
        encoding: {
          opacity: { field: "r2", type: "quantitative", scale: { domain: [0, 1], range: [0.2, 1] }, legend: null },
        },
      },
    ],
  } as Parameters<typeof framed>[1]);
}
