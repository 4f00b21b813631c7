import type { LayerLabel } from "../../models/stream/hidden-states.ts";
import type { ComparedFit } from "../comparison/comparison.ts";
import { overTexts } from "../figures/parts/layer-statistics.ts";
import { familyLabel } from "../laws/families.ts";
import type { MetricRow } from "../run/metrics.ts";
import { formatFixed, formatSignificant } from "../words/format-number.ts";
import { section, table } from "./html.ts";
import type { ReportInput } from "./report-input.ts";

const COLUMNS = [
  { measure: "mean_cosine", head: "mean cosine", format: formatFixed },
  { measure: "sd_cosine", head: "sd", format: formatFixed },
  { measure: "mass_0.9", head: "mass > .9", format: formatFixed },
  { measure: "mass_0.99", head: "> .99", format: formatFixed },
  { measure: "mass_0.999", head: "> .999", format: formatFixed },
  { measure: "effective_rank", head: "effective rank", format: formatSignificant },
] as const;

/** Key numbers layer by layer, mean over texts, each with its isotropic floor, and the distance of each family. */
export function keyNumbers({ metrics, histograms, fit, variants, mid = [], unit }: ReportInput): string {
  if (variants && !fit) return ""; // They have a table of their own, all readings side by side.
  const shown = COLUMNS.filter(({ measure }) => metrics.some((row) => row.measure === measure));
  const floors = shown.map(({ measure }) => commonFloor(metrics, measure));
  const families = fit?.families ?? [];
  const heads = ["layer", ...shown.map(({ head }) => head), ...families.map((family) => `W₁ ${familyLabel(family)}`)];
  const floorRow = [
    "isotropic floor",
    ...shown.map(({ format }, k) => (floors[k] === undefined ? "in the cells" : format(floors[k]))),
    ...families.map(() => ""),
  ];
  const cells = (from: readonly MetricRow[], layer: LayerLabel) =>
    shown.map((column, k) => cell(from, layer, column, floors[k] === undefined));
  const rows = layersOf(metrics).flatMap((layer) => [
    [nameOf(layer), ...cells(metrics, layer), ...distances(fit, layer)],
    ...(mid.some((row) => row.layer === layer)
      ? [[`${layer} resid_mid`, ...cells(mid, layer), ...families.map(() => "")]]
      : []),
  ]);
  return section(
    "numbers",
    "Key numbers",
    table(
      captionOf(histograms.texts.length, unit, fit !== null, mid.length > 0),
      heads,
      [floorRow, ...rows],
      "tall numbers floored",
    ),
  );
}

function captionOf(texts: number, unit: string | undefined, fitted: boolean, withMid: boolean): string {
  const over = texts > 1 ? `, mean over ${texts} ${unit ?? "texts"}` : "";
  const floor = "The isotropic floor is what as many independent uniform points would give";
  return `Inner products of token pairs by layer${over}. ${floor}${fitted ? "; the smallest distance of each layer is bold" : ""}.${withMid ? " resid_mid is the stream between attention and MLP, on the way to the next layer." : ""}`;
}

function layersOf(metrics: readonly MetricRow[]): readonly LayerLabel[] {
  const place = (layer: LayerLabel) => (layer === "final_norm" ? Number.POSITIVE_INFINITY : layer);
  return [...new Set(metrics.map((row) => row.layer))].sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

function nameOf(layer: LayerLabel): string {
  return layer === "final_norm" ? "final norm" : layer === 0 ? "0 (embedding)" : String(layer);
}

/** The floor where it is the same at all layers (it depends on n and d alone); `undefined` where it varies. */
function commonFloor(metrics: readonly MetricRow[], measure: string): number | null | undefined {
  const byLayer = layersOf(metrics).map((layer) =>
    metrics.filter((row) => row.measure === measure && row.layer === layer),
  );
  const floors = byLayer.filter((rows) => rows.length > 0).map((rows) => overTexts(rows).floor);
  const first = floors[0] ?? null;
  const same = floors.every(
    (floor) => floor === first || Math.abs((floor ?? Number.NaN) - (first ?? Number.NaN)) < 1e-9,
  );
  return same ? first : undefined;
}

function cell(
  metrics: readonly MetricRow[],
  layer: LayerLabel,
  column: (typeof COLUMNS)[number],
  withFloor: boolean,
): string {
  const rows = metrics.filter((row) => row.measure === column.measure && row.layer === layer);
  if (rows.length === 0) return "–";
  const { value, floor } = overTexts(rows);
  return withFloor ? `${column.format(value)} <small>(${column.format(floor)})</small>` : column.format(value);
}

/** The distances of one layer; the smallest is bold, with those that look the same. */
function distances(fit: ComparedFit | null, layer: LayerLabel): readonly string[] {
  const at = fit && typeof layer === "number" ? fit.observed.layers.indexOf(layer) : -1;
  const values = (fit?.families ?? []).map((family) => family.w1_by_layer[at]);
  const known = values.filter((value) => value !== undefined);
  const least = at > 0 && known.length > 0 ? formatFixed(Math.min(...known)) : "";
  return values.map(formatFixed).map((text) => (text === least ? `<b>${text}</b>` : text));
}
