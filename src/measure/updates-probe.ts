import { sizedProducts } from "../../probes/updates/layer-step.ts";
import { fieldsWith } from "../updates/fields.ts";
import { measureUpdates } from "../updates/measure-updates.ts";
import type { UpdateRow } from "../updates/update-row.ts";
import type { Probe } from "./probe.ts";
import { intervalOfMean, meanOfKnown, runningMeans, told } from "./running-means.ts";

/**
 * The law of the updates. Means over texts of what is known in each, β among them; in the place of intervals over tokens
 * the bootstrap interval of the mean over texts (of two texts their range); no p, for it is of one text.
 */
export const updatesProbe: Probe<UpdateRow> = {
  asked: ({ updates }) => updates !== undefined,
  async measure({ engine, states, row, text, options: { policy, updates, ...extras } }) {
    if (updates === undefined) return { rows: [] };
    const asked = { ...updates, fields: fieldsWith(updates.fields, extras) };
    return { rows: await measureUpdates(states, row, asked, { policy, across: sizedProducts(engine.across), text }) };
  },
  means: {
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
  },
};

/** One row for all texts wherever there are several: their means. */
export function updatesOverTexts(rows: readonly UpdateRow[]): readonly UpdateRow[] {
  const means = runningMeans(updatesProbe.means);
  means.add(rows);
  return means.kept();
}
