import type { VariantSet } from "../run/variant-set.ts";
import { layerChannel } from "./parts/by-layer.ts";
import { type Figure, type FigureSpec, inlineData, type MarkSpec, type PanelSpec } from "./parts/spec.ts";
import { framed, SOFT_INK, variantColour } from "./parts/theme.ts";
import { readingsInWords, variantStatistics } from "./parts/variant-statistics.ts";

/** One reading at one layer, mean over texts and their range, pairs i ≠ j. */
interface Row {
  readonly layer: number;
  readonly variant: string;
  readonly value: number;
  readonly lo: number | null;
  readonly hi: number | null;
}

const WIDTH = 350;
const HEIGHT = 230;

/** Dash patterns in the order of the readings; a full pattern each, so that colour and dash share one legend. */
const DASHES: readonly (readonly [number, number])[] = [
  [6, 3],
  [1, 0],
  [2, 2],
];

export const variantsFigure: Figure<VariantSet> = {
  name: "variantsByLayer",
  title: ({ contrast }) => `The same weights ${contrast}`,
  caption: (set) =>
    `Mean cosine and share of pairs above .9 at every layer, pairs i ≠ j. ${readingsInWords(set)} The upright line, where there is one, is the last layer that was trained: what lies beyond was made by nobody's training.`,
  draw: (set, { about }) => variantsByLayer(set, about),
};

/**
 * Mean cosine and the share of pairs above .9 against depth, one curve a reading of the weights; bands are the range over
 * texts, the upright line is where training ended.
 */
export function variantsByLayer(set: VariantSet, about = ""): FigureSpec {
  const measures = [
    { key: "meanCosine", title: "mean cosine", text: "Mean cosine of pairs i ≠ j" },
    { key: "mass", title: "share of pairs above .9", text: "Pairs i ≠ j whose cosine exceeds .9" },
  ] as const;
  const several = new Set(set.variants[0]?.metrics.map(({ text }) => text)).size > 1;
  const frame = {
    title: `The same weights, read ${set.contrast}`,
    subtitle: [[about, several ? "bands: range over texts" : ""].filter(Boolean).join("; ")],
    description: `Line charts by layer of the mean cosine and of the share of pairs above .9: ${set.variants.map(({ label }) => label).join(", ")}.`,
  };
  const panels = measures.map(({ key, title, text }) => panel(rowsOf(set, key, several), { set, title, text }));
  return framed(frame, { spacing: 34, hconcat: panels });
}

function rowsOf(set: VariantSet, key: "meanCosine" | "mass", several: boolean): readonly Row[] {
  return set.variants.flatMap((variant) =>
    variantStatistics(variant, set).map((one) => ({
      layer: one.layer,
      variant: variant.label,
      value: one[key].value,
      lo: several ? one[key].lo : null,
      hi: several ? one[key].hi : null,
    })),
  );
}

interface PanelText {
  readonly set: VariantSet;
  readonly title: string;
  readonly text: string;
}

function panel(rows: readonly Row[], { set, title, text }: PanelText): PanelSpec {
  const layers = rows.map((row) => row.layer);
  const lowest = Math.min(0, ...rows.map((row) => row.lo ?? row.value));
  const y = {
    field: "value",
    type: "quantitative",
    title,
    scale: { domain: [lowest, 1.02], nice: false, zero: false },
    axis: { tickCount: 5 },
  };
  return {
    title: { text, fontSize: 12, offset: 6 },
    width: WIDTH,
    height: HEIGHT,
    encoding: { x: layerChannel(layers, WIDTH) },
    layer: [...trainedRule(set, layers), ...bands(rows, set, y), ...lines(rows, set, y)],
  } as PanelSpec;
}

function bands(rows: readonly Row[], { variants }: VariantSet, y: object): MarkSpec[] {
  return variants.flatMap(({ label }, k) => {
    const own = rows.filter((row) => row.variant === label && row.lo !== null);
    if (own.length === 0) return [];
    const encoding = { y: { ...y, field: "lo" }, y2: { field: "hi" } };
    return [
      { data: inlineData(own), mark: { type: "area", color: variantColour(k), opacity: 0.16 }, encoding } as MarkSpec,
    ];
  });
}

function lines(rows: readonly Row[], { variants }: VariantSet, y: object): MarkSpec[] {
  const channel = (range: unknown[]) => ({
    field: "variant",
    type: "nominal",
    scale: { domain: variants.map(({ label }) => label), range },
  });
  const encoding = {
    y,
    color: channel(variants.map((_, k) => variantColour(k))),
    strokeDash: channel(variants.map((_, k) => [...DASHES[k % DASHES.length]!])),
  };
  return [{ data: inlineData(rows), mark: { type: "line", strokeWidth: 1.8 }, encoding } as MarkSpec];
}

/** The last layer that was trained; nothing where that is not known. The words stand above the frame, clear of all curves. */
function trainedRule({ trainedDepth }: VariantSet, layers: readonly number[]): MarkSpec[] {
  if (trainedDepth === null) return [];
  const data = { values: [{ layer: trainedDepth }] };
  const left = trainedDepth > 0.6 * Math.max(...layers);
  const text = { text: `last layer trained: ${trainedDepth}`, align: left ? "right" : "left", baseline: "bottom" };
  return [
    { data, mark: { type: "rule", color: SOFT_INK, strokeDash: [2, 3] } },
    { data, mark: { type: "text", ...text, fontSize: 10.5, color: SOFT_INK }, encoding: { y: { value: -4 } } },
  ] as MarkSpec[];
}
