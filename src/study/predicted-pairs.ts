import { join } from "node:path";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Cloud } from "../../probes/cloud.ts";
import type { PairMeasure } from "../../probes/pairs/pair-measure.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import { probePair } from "../../probes/probe-pair.ts";
import type { ComparedFit } from "../comparison/comparison.ts";
import { observeTexts } from "../fit/observe.ts";
import type { Family } from "../laws/families.ts";
import { openLineFile } from "../run/line-file.ts";
import { PAIRS, type PairMetricRow } from "../run/pair-metrics.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { visitSimulated } from "../trajectories/simulated-products.ts";
import { fittedMotions } from "./fitted-motions.ts";

/** What network and predictions are compared by. */
export interface PredictedPairsOptions {
  readonly families?: readonly (string | Family)[];
  readonly policy: Policy;
  readonly startLayer?: number;
  readonly pairMeasures: readonly PairMeasure[];
}

/** Far below what a measure is reported to. */
const TOLERANCE = 1e-6;

/**
 * Measures every fitted layer beside what each family of a fit predicts for it, token by token in the network's own coordinates.
 *
 * @param folder - Where `pair-metrics.csv` gets the rows too; `null`: nowhere.
 */
export async function addPredictedPairs(
  states: readonly HiddenStates[],
  { families, policy, startLayer, pairMeasures }: PredictedPairsOptions,
  fit: ComparedFit,
  folder: string | null,
): Promise<readonly PairMetricRow[]> {
  const { texts, layers } = observeTexts(states, policy, startLayer);
  const rows: PairMetricRow[] = [];
  for (const { family, beta, times } of fittedMotions(families, fit)) {
    for (const [text, observed] of texts.entries()) {
      const compare = (k: number, cloud: Cloud) => {
        if (k === 0) return; // Where the simulation starts.
        const where = `text ${text}, layer ${layers[k]}, beside ${family.label}`;
        const place = { text, layer: layers[k], other: family.name, other_text: text, other_layer: layers[k] };
        const found = probePair(observed.clouds[k], cloud, pairMeasures, where);
        rows.push(...found.map((one) => ({ ...place, ...one })));
      };
      const options = { tolerance: TOLERANCE, lift: true, partial: true };
      await visitSimulated(observed, family, beta, times, compare, options);
    }
  }
  if (folder !== null) append(join(folder, RUN_FILES.pairs), PAIRS.lines(rows));
  return rows;
}

function append(path: string, lines: string): void {
  const file = openLineFile(path, "a");
  try {
    file.write(lines);
  } finally {
    file.close();
  }
}
