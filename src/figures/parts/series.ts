/** What a curve shows: what was observed, what a family predicts, or what isotropic points would give. */
export type SeriesName = "observed" | "sa" | "usa" | "frozen" | "isotropic";

export interface SeriesStyle {
  /** As the legend calls it. */
  readonly label: string;
  readonly colour: string;
  /** Dash pattern in px; `[1, 0]` is solid. */
  readonly dash: readonly [number, number];
  readonly width: number;
}

/**
 * One style a series, the same in every figure. Colours of Okabe and Ito, told apart by every common kind of colour
 * vision; each series has its own dash as well, so that a grey print can be read. What was observed is solid,
 * what was predicted is dashed. USA is wide and lies under SA: where the two coincide, both are seen.
 */
export const SERIES: Readonly<Record<SeriesName, SeriesStyle>> = {
  observed: { label: "observed", colour: "#333333", dash: [1, 0], width: 2 },
  sa: { label: "SA", colour: "#0072B2", dash: [7, 2.5], width: 1.7 },
  usa: { label: "USA", colour: "#D55E00", dash: [3.5, 2], width: 3.4 },
  frozen: { label: "frozen", colour: "#009E73", dash: [1.5, 2], width: 1.8 },
  isotropic: { label: "isotropic", colour: "#8A8A8A", dash: [5, 4], width: 1.3 },
};

/** The order in which legends list series. */
export const SERIES_ORDER: readonly SeriesName[] = ["observed", "sa", "usa", "frozen", "isotropic"];

/** The series that occur in the rows, in legend order. */
export function seriesIn(rows: readonly { readonly series: SeriesName }[]): readonly SeriesName[] {
  const present = new Set(rows.map((row) => row.series));
  return SERIES_ORDER.filter((name) => present.has(name));
}

/** Whether the rows hold any prediction, not only what was measured. */
export function hasPredictions(rows: readonly { readonly series: SeriesName }[]): boolean {
  return rows.some(({ series }) => series !== "observed" && series !== "isotropic");
}
