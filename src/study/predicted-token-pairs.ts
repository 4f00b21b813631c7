import { join } from "node:path";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Cloud64 } from "../../probes/cloud.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import { type GramEngine, gramPairs } from "../../probes/products/gram-engine.ts";
import type { ComparedFit } from "../comparison/comparison.ts";
import { type FittedMotion, motionClouds } from "../fit/fitted-motion.ts";
import { observeTexts } from "../fit/observe.ts";
import type { Family } from "../laws/families.ts";
import { withGramEngine } from "../measure/measurer.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { TOKEN_PAIRS } from "../run/who-tables.ts";
import { writeWhole } from "../run/write-whole.ts";
import type { FitText } from "../trajectories/fit-text.ts";
import { predictedRows } from "../who/predicted-rows.ts";
import { textLayers } from "../who/text-layers.ts";
import type { TokenPairRow } from "../who/token-pair-row.ts";
import { fittedMotions } from "./fitted-motions.ts";

export interface PredictedTokensOptions {
  readonly families?: readonly (string | Family)[];
  readonly policy: Policy;
  readonly startLayer?: number;
  /** Pairs of each layer, of either kind. */
  readonly pairs?: number;
}

/** Cosines are told to six digits. */
const TOLERANCE = 1e-7;

/**
 * The pairs of tokens of every layer with what each family of a fit predicts for them: the closest, and those that no family comes
 * near. Layers that nothing is predicted of have the closest alone.
 *
 * @param folder - Where `pairs.csv` is written anew; `null`: nowhere.
 */
export async function predictedTokenPairs(
  states: readonly HiddenStates[],
  { families, policy, startLayer, pairs }: PredictedTokensOptions,
  fit: ComparedFit,
  folder: string | null,
): Promise<readonly TokenPairRow[]> {
  const observed = observeTexts(states, policy, startLayer);
  const motions = fittedMotions(families, fit);
  const rows: TokenPairRow[] = [];
  await withGramEngine(async (engine) => {
    let text = 0;
    for (const batch of states) {
      for (let row = 0; row < batch.batch; row++, text++) {
        const clouds = await predictedClouds(observed.texts[text], motions);
        for await (const one of textLayers(engine, batch, row, policy)) {
          const at = observed.layers.indexOf(one.layer);
          const predicted = at > 0 ? await productsAt(engine, clouds, at) : {};
          rows.push(...predictedRows(one, text, predicted, pairs));
        }
      }
    }
  });
  if (folder !== null) writeWhole(join(folder, RUN_FILES.tokenPairs), TOKEN_PAIRS.toCsv(rows));
  return rows;
}

type Predicted = ReadonlyMap<string, readonly (Cloud64 | null)[]>;

/** By family and fitted layer; clouds and not their products, which would be far larger. */
async function predictedClouds(text: FitText, motions: readonly FittedMotion[]): Promise<Predicted> {
  const found = new Map<string, readonly (Cloud64 | null)[]>();
  for (const motion of motions)
    found.set(motion.family.name, await motionClouds(text, motion, { tolerance: TOLERANCE }));
  return found;
}

async function productsAt(
  engine: Pick<GramEngine, "across">,
  predicted: Predicted,
  layer: number,
): Promise<Record<string, Float64Array>> {
  const products: Record<string, Float64Array> = {};
  for (const [name, clouds] of predicted) {
    const cloud = clouds[layer];
    if (cloud) products[name] = await gramPairs(engine, cloud, true);
  }
  return products;
}
