import type { FitResult } from "../fit/fit-result.ts";
import { layerChannel, linesByLayer } from "./by-layer.ts";
import { type FamilyRow, familyRows } from "./family-rows.ts";
import { SERIES } from "./series.ts";
import type { FigureSpec } from "./spec.ts";
import { framed } from "./theme.ts";

/** W₁ between observed and predicted inner products of one family at one layer, 0 … 2. */
export type W1Row = FamilyRow;

/** Rows of {@link w1ByLayer}. */
export function w1Rows(fit: FitResult): readonly W1Row[] {
  return familyRows(fit, (family) => family.w1_by_layer);
}

const WIDTH = 560;

/** Distance W₁ between the observed and each family's inner products, layer by layer; 0 is perfect. */
export function w1ByLayer(rows: readonly W1Row[], about = ""): FigureSpec {
  const frame = {
    title: titleOf(rows),
    subtitle: ["distance W₁ of predicted from observed inner products; frozen assumes that nothing moves", about]
      .filter(Boolean)
      .join("; "),
    description:
      "Line chart of the Wasserstein distance between observed and predicted inner products by layer, one line a family.",
  };
  return framed(frame, {
    width: WIDTH,
    height: 250,
    encoding: {
      x: layerChannel(
        rows.map((row) => row.layer),
        WIDTH,
      ),
      y: {
        field: "value",
        type: "quantitative",
        title: "W₁ (units of cosine)",
        scale: { zero: true, nice: true },
        axis: { tickCount: 6 },
      },
    },
    layer: linesByLayer(rows),
  });
}

/** Says which family is closest on average over the layers after the first (the first is 0 by construction). */
function titleOf(rows: readonly W1Row[]): string {
  const first = Math.min(...rows.map((row) => row.layer));
  const names = [...new Set(rows.map((row) => row.series))];
  const means = names.map((name) => ({
    name,
    w1: mean(rows.filter((row) => row.series === name && row.layer > first)),
  }));
  const best = means.sort((a, b) => a.w1 - b.w1)[0];
  return best
    ? `${capitalised(SERIES[best.name].label)} is closest: mean W₁ ${best.w1.toPrecision(2)}`
    : "Distance from what was observed";
}

function mean(rows: readonly W1Row[]): number {
  return rows.reduce((sum, row) => sum + row.value, 0) / Math.max(1, rows.length);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
