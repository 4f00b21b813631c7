import { join } from "node:path";
import type { Policy } from "../../probes/policy/policy.ts";
import type { FittedUpdatesOptions } from "../comparison/fitted-updates.ts";
import { RUN_TABLES } from "../run/run-tables.ts";
import { writeWhole } from "../run/write-whole.ts";
import { namingFailures } from "../sources/name-failure.ts";
import type { ModelBatch } from "../sources/state-source.ts";
import type { UpdateRow } from "../updates/update-row.ts";
import { updatesOverTexts } from "../updates/updates-over-texts.ts";
import type { StudyHelper } from "../workers/study-helper.ts";

/** The law of the updates, measured beside all else. */
export interface UpdatesBeside {
  /** Hands over the next texts; waits where two batches are under way already. */
  take(batch: ModelBatch, policy: Policy): Promise<void>;
  /** The rows of all texts that were taken. */
  rows(): Promise<readonly UpdateRow[]>;
}

/** Has a helper measure the updates. */
export function updatesBeside(
  helper: StudyHelper,
  { families, seed }: Pick<FittedUpdatesOptions, "families" | "seed">,
): UpdatesBeside {
  const asked = { ...(families ? { families } : {}), ...(seed === undefined ? {} : { seed }) };
  const parts: Promise<readonly UpdateRow[]>[] = [];
  let texts = 0;
  return {
    async take(batch, policy) {
      await parts.at(-2);
      const { states } = batch;
      const options = { ...asked, policy, own: true, firstText: texts };
      const part = namingFailures(batch, states.batch, () => helper.ask("updates", { batches: [states], options }));
      part.catch(() => {}); // Whoever asks for the rows is told.
      parts.push(part);
      texts += states.batch;
      await helper.reached();
    },
    rows: async () => (await Promise.all(parts)).flat(),
  };
}

/** Writes `updates.csv`; what is kept of the rows is what a run has: of several texts in a folder the means. */
export function keepUpdates(rows: readonly UpdateRow[], folder: string | null): readonly UpdateRow[] {
  if (folder === null) return rows;
  const { file, csv } = RUN_TABLES.updates;
  writeWhole(join(folder, file), csv.toCsv(rows));
  return updatesOverTexts(rows);
}
