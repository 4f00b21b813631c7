import type { RunData } from "../run/run-data.ts";
import type { UpdateRow } from "../updates/update-row.ts";
import { updatesOverTexts } from "../updates/updates-over-texts.ts";
import { type Figure, type FigureSpec, inlineData } from "./parts/spec.ts";
import { framed } from "./parts/theme.ts";

/** A part of one step's change of inner products. */
export interface UpdateShareRow {
  /** The layer that is left. */
  readonly layer: number;
  readonly part: (typeof PARTS)[number]["name"];
  /** 0 to 1; those of a step add up to 1. */
  readonly share: number;
  /** From the bottom up. */
  readonly order: number;
}

/** From the bottom up; colours that every common kind of sight tells apart. */
const PARTS = [
  { name: "without selection", colour: "#9AA5B1" },
  { name: "averaging", colour: "#E69F00" },
  { name: "SA or USA", colour: "#0072B2" },
  { name: "nothing that was tried", colour: "#E9EDF1" },
] as const;

/** Fields whose part is attention's, of the table's: the one that adds more is told. */
const ATTENTION = ["sa", "usa"];

/** Rows of {@link updateShares}, of means over texts: what functions without selection make, what averaging and attention add, what is left. */
export function updateShareRows(updates: readonly UpdateRow[]): readonly UpdateShareRow[] {
  const layers = [...new Set(updates.map(({ layer }) => layer))].sort((a, b) => a - b);
  return layers.flatMap((layer) => {
    const own = updates.filter((row) => row.layer === layer && row.without_selection !== null);
    const [first] = own;
    if (!first) return [];
    const added = (fields: readonly string[]) =>
      Math.max(0, ...own.filter(({ field }) => fields.includes(field)).map((row) => row.added ?? 0));
    const without = clamped(first.without_selection ?? 0, 0);
    const averaging = clamped(added(["averaging"]), without);
    // What attention adds beyond what weights that are all equal add already.
    const attention = clamped(added(ATTENTION) - averaging, without + averaging);
    const shares = [without, averaging, attention, 1 - without - averaging - attention];
    return PARTS.map(({ name: part }, order) => ({ layer, part, share: shares[order]!, order }));
  });
}

/** At least 0, and no more than what is left. */
function clamped(share: number, taken: number): number {
  return Math.max(0, Math.min(1 - taken, share));
}

export const updateSharesFigure: Figure<RunData> = {
  name: "updateShares",
  title: () => "Shares of the updates",
  caption: () =>
    "Of the change of inner products in each step: what functions of the pair’s own product and of the closeness to the mean make without selection among tokens; what averaging adds; what SA or USA at its best β, whichever adds more, adds beyond averaging; what is left. Means over texts; shares below 0 are drawn as none. The table of updates has intervals and what shuffled tokens give.",
  draw: ({ updates = [] }, { about }) => {
    const rows = updateShareRows(updatesOverTexts(updates));
    return rows.length === 0 ? null : updateShares(rows, about);
  },
};

/** Stacked bars, one a step, each of height 1. */
export function updateShares(rows: readonly UpdateShareRow[], about = ""): FigureSpec {
  const attention = rows.filter(({ part }) => part === "SA or USA").map(({ share }) => share);
  const most = Math.round(100 * Math.max(...attention));
  const frame = {
    title:
      most > 0
        ? `SA or USA adds at most ${most} % to what a step does to inner products`
        : "Neither SA nor USA adds to what a step does to inner products",
    subtitle: ["shares of the centred change of inner products, step by step", about].filter(Boolean).join("; "),
    description: "Stacked bars, one for each step: shares of the change of inner products by what makes them.",
  };
  return framed(frame, {
    width: 560,
    height: 230,
    data: inlineData(rows),
    mark: { type: "bar", stroke: "#FFFFFF", strokeWidth: 0.5 },
    encoding: {
      x: {
        field: "layer",
        type: "ordinal",
        title: "step that leaves layer",
        axis: { labelAngle: 0, labelOverlap: true },
      },
      y: {
        field: "share",
        type: "quantitative",
        title: "share of the change",
        axis: { format: "%" },
        scale: { domain: [0, 1] },
      },
      color: {
        field: "part",
        type: "nominal",
        scale: { domain: PARTS.map(({ name }) => name), range: PARTS.map(({ colour }) => colour) },
        legend: { symbolType: "square", symbolSize: 110 },
      },
      order: { field: "order", type: "quantitative" },
    },
  });
}
