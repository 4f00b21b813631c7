import { mean } from "../../probes/numerics/mean.ts";
import type { ComparedFit } from "../comparison/comparison.ts";
import { isFrozen, type NamedFamily } from "../laws/families.ts";
import { layerChannel, linesByLayer } from "./parts/by-layer.ts";
import { type FamilyRow, familyRows } from "./parts/family-rows.ts";
import { logAxis } from "./parts/log-axis.ts";
import { type Series, seriesIn } from "./parts/series.ts";
import type { Figure, FigureSpec } from "./parts/spec.ts";
import { framed } from "./parts/theme.ts";

/** W₁ between observed and predicted inner products of one family at one layer, 0 … 2. */
export type W1Row = FamilyRow;

/** Rows of {@link w1ByLayer}. */
export function w1Rows(fit: ComparedFit): readonly W1Row[] {
  return familyRows(fit, (family) => family.w1_by_layer);
}

const WIDTH = 560;

/** With a frozen baseline farther above the best family than this, the scale of W₁ is logarithmic: the rest would lie flat on 0. */
const FAR = 4;

export const w1Figure: Figure<ComparedFit> = {
  ofFit: true,
  name: "w1ByLayer",
  title: () => "Distance between prediction and observation",
  caption: () =>
    "The Wasserstein distance W₁ between the predicted and the observed distribution of inner products: the average amount by which an inner product must be moved. Zero at the first layer by construction. A family explains something only where it lies below frozen.",
  draw: (fit, { about }) => w1ByLayer(w1Rows(fit), about, fit.families),
};

/**
 * Distance W₁ between the observed and each family's inner products, layer by layer; 0 is perfect. Where frozen lies far
 * above, the scale is logarithmic and the first layer, 0 by construction, has no place on it.
 */
export function w1ByLayer(rows: readonly W1Row[], about = "", families: readonly NamedFamily[] = []): FigureSpec {
  const series = seriesIn(rows, families);
  const means = meansOf(rows, series);
  const later = afterFirst(rows);
  const log = isFar(means) && later.every((row) => row.value > 0);
  const told = "distance W₁ of predicted from observed inner products; frozen assumes that nothing moves";
  const frame = {
    title: titleOf(means),
    subtitle: log
      ? [told, ["log scale, without the first layer, where W₁ is 0", about].filter(Boolean).join("; ")]
      : [told, about].filter(Boolean).join("; "),
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
      y: log ? logChannel(later) : linearChannel(),
    },
    layer: linesByLayer(log ? later : rows, series),
  });
}

function linearChannel() {
  return {
    field: "value",
    type: "quantitative" as const,
    title: "W₁ (units of cosine)",
    scale: { zero: true, nice: true },
    axis: { tickCount: 6 },
  };
}

function logChannel(rows: readonly W1Row[]) {
  const values = rows.map((row) => row.value);
  const { scale, axis } = logAxis([Math.min(...values) / 1.25, Math.max(...values) * 1.25], 0.1);
  return { field: "value", type: "quantitative" as const, title: "W₁ (units of cosine, log scale)", scale, axis };
}

interface FamilyMean {
  readonly name: string;
  readonly label: string;
  readonly w1: number;
}

/** Mean of each family over the layers after the first (the first is 0 by construction); none with a single layer. */
function meansOf(rows: readonly W1Row[], series: readonly Series[]): readonly FamilyMean[] {
  const later = afterFirst(rows);
  const families = series.filter(({ name }) => later.some((row) => row.series === name));
  return families.map(({ name, label }) => ({
    name,
    label,
    w1: mean(later.filter((row) => row.series === name).map(({ value }) => value)),
  }));
}

function afterFirst(rows: readonly W1Row[]): readonly W1Row[] {
  const first = Math.min(...rows.map((row) => row.layer));
  return rows.filter((row) => row.layer > first);
}

function isFar(means: readonly FamilyMean[]): boolean {
  const frozen = means.find(({ name }) => isFrozen(name))?.w1 ?? 0;
  return frozen > FAR * Math.min(...means.map(({ w1 }) => w1));
}

/** What each family is off by, and no winner: whether a difference means anything is the verdict's to say. */
function titleOf(means: readonly FamilyMean[]): string {
  if (means.length === 0) return "Distance from what was observed";
  return `Mean W₁: ${means.map(({ label, w1 }) => `${label} ${w1 === 0 ? "0" : w1.toPrecision(2)}`).join(", ")}`;
}
