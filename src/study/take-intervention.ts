import { join } from "node:path";
import { flagsInMessage } from "../effects/flags-in-messages.ts";
import { type InterventionOptions, intervene } from "../intervention/intervene.ts";
import { INTERVENTION, type InterventionRow } from "../run/rows/intervention-row.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { writeWhole } from "../run/write-whole.ts";
import type { Asked } from "./take-control.ts";
import type { StudyPlace, TakenReading } from "./take-reading.ts";

/** What the updates owe to the other tokens. */
export interface TakenIntervention {
  /** `null` where the model could not be asked. */
  readonly intervention: readonly InterventionRow[] | null;
  /** Why there are none, or only `total` ones, in one sentence; `null` where there is nothing to say. */
  readonly interventionReason: string | null;
}

/** Runs the source's model again with tokens taken out, and writes `intervention.csv`. That it cannot be asked is no failure. */
export async function takeIntervention(
  { effects, clock, folder }: StudyPlace,
  { source, states, policy }: TakenReading,
  asked: Asked<InterventionOptions> | undefined,
): Promise<TakenIntervention> {
  if (asked === undefined) return { intervention: null, interventionReason: null };
  if ("reason" in asked) return { intervention: null, interventionReason: asked.reason };
  if (source.kind === "states") {
    return { intervention: null, interventionReason: "saved states come without the model that made them" };
  }
  const progress = (fraction: number) => effects.progress.update(fraction, "taking tokens out of the context");
  const { rows, reason } = await clock.run("intervention", () => intervene(states, policy, { ...asked, progress }));
  if (folder !== null && rows !== null) writeWhole(join(folder, RUN_FILES.intervention), INTERVENTION.toCsv(rows));
  return { intervention: rows, interventionReason: reason && flagsInMessage(reason) };
}
