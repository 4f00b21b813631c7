import { type FamilyStyle, familyStyles, isFrozen, type NamedFamily } from "../../laws/families.ts";

/** A curve: what was observed, what a family predicts, or what isotropic points would give; the same in every figure. */
export interface Series extends FamilyStyle {
  /** As rows call it. */
  readonly name: string;
  /** `baseline`: what the others are held against, isotropic points or no motion. */
  readonly kind: "observed" | "predicted" | "baseline";
}

/** Rows that name their curve. */
interface SeriesRow {
  readonly series: string;
}

/** What was observed is solid, what was predicted is dashed. */
const OBSERVED: Series = {
  name: "observed",
  kind: "observed",
  label: "observed",
  colour: "#333333",
  dash: [1, 0],
  width: 2,
};
const ISOTROPIC: Series = {
  name: "isotropic",
  kind: "baseline",
  label: "isotropic",
  colour: "#8A8A8A",
  dash: [5, 4],
  width: 1.3,
};

/**
 * The curves that occur in the rows, in legend order: observed, the families, wide ones after the others so that they lie
 * below, baselines.
 *
 * @param families those of a fit, with their styles; what rows name beside them is styled by its name.
 */
export function seriesIn(rows: readonly SeriesRow[], families: readonly NamedFamily[] = []): readonly Series[] {
  const present = new Set(rows.map(({ series }) => series));
  const known = new Set([OBSERVED, ISOTROPIC, ...families].map(({ name }) => name));
  const bare = [...present].filter((name) => !known.has(name)).map((name) => ({ name }));
  const all = [OBSERVED, ...ofFamilies([...families, ...bare]), ISOTROPIC];
  return all.filter(({ name }) => present.has(name));
}

function ofFamilies(families: readonly NamedFamily[]): readonly Series[] {
  const styled = familyStyles(families).map(
    (family): Series => ({ ...family, kind: isFrozen(family.name) ? "baseline" : "predicted" }),
  );
  const last = ({ kind }: Series) => Number(kind === "baseline");
  return styled.sort((a, b) => last(a) - last(b) || a.width - b.width);
}

/** Whether any of the curves is a prediction, not only what was measured. */
export function hasPredictions(series: readonly Series[]): boolean {
  return series.some(({ kind }) => kind === "predicted");
}

/** Whether a curve is so wide that it shows behind others. */
export function isWide({ width }: Series): boolean {
  return width > 3;
}
