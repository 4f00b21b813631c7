import { intervalOfMean, type Means, meanOfKnown, runningMeans, told } from "../over-texts/running-means.ts";
import type { UntrainedRow, UpdateRow } from "./update-row.ts";

/**
 * Means over texts of what is known in each, β among them; in the place of intervals over tokens the bootstrap interval of the mean over
 * texts (of two texts their range); no p, for it is of one text.
 */
export const UPDATE_MEANS: Means<UpdateRow> = {
  key: ({ layer, field, beta, beta_from }) => `${layer} ${field} ${beta_from === "given" ? beta : ""}`,
  columns: {
    beta: meanOfKnown((row) => row.beta),
    beta_interval: intervalOfMean((row) => row.beta),
    size: meanOfKnown((row) => row.size),
    step: meanOfKnown((row) => row.step),
    update: meanOfKnown((row) => row.update),
    gram: meanOfKnown((row) => row.gram),
    gram_beyond_mean: meanOfKnown((row) => row.gram_beyond_mean),
    partial: meanOfKnown((row) => row.partial),
    partial_interval: intervalOfMean((row) => row.partial),
    added: meanOfKnown((row) => row.added),
    added_interval: intervalOfMean((row) => row.added),
    null: meanOfKnown((row) => row.null),
    null_partial: meanOfKnown((row) => row.null_partial),
    p: told(() => null),
    without_selection: meanOfKnown((row) => row.without_selection),
    note: told((texts) => `mean of ${texts} texts`),
  },
};

/** One row for all texts wherever there are several: their means. */
export function updatesOverTexts(rows: readonly UpdateRow[]): readonly UpdateRow[] {
  const means = runningMeans(UPDATE_MEANS);
  means.add(rows);
  return means.kept();
}

/** The same of every draw of the untrained network by itself. */
export function untrainedOverTexts(rows: readonly UntrainedRow[]): readonly UntrainedRow[] {
  return byDraw(rows).flatMap((own) => updatesOverTexts(own).map((row) => ({ ...row, draw: own[0].draw })));
}

/** The rows of each draw by themselves. */
export function byDraw(rows: readonly UntrainedRow[]): readonly (readonly UntrainedRow[])[] {
  const draws = new Set(rows.map(({ draw }) => draw));
  return [...draws].map((draw) => rows.filter((row) => row.draw === draw));
}
