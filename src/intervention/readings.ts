import { TokensphereError } from "../../models/errors.ts";
import type { Model, ModelInput } from "../../models/open-model.ts";
import { stateDifference } from "../../models/states/check-states.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { BlockStates, Contexts } from "./contexts.ts";

/** A way to run a model without some of its tokens: the states of the same texts in the other contexts. */
export interface ContextReading {
  readonly name: string;
  /** @param removed `[batch, n]`: 1 where a token is out of the context, by half. */
  contexts(model: Model, input: ModelInput, states: HiddenStates, removed: readonly Uint8Array[]): Promise<Contexts>;
}

/** What blocks make of given states and of their own may differ in float32 rounding. */
const SAME_BLOCK_TOLERANCE = 1e-4;

/** Every block starts from the same states in all contexts: only who else is there differs. */
const direct: ContextReading = {
  name: "direct",
  async contexts(model, input, states, removed) {
    const full = { before: states, after: await model.steps(input, states) };
    requireSame(full);
    const halves: BlockStates[] = [];
    for (const half of removed)
      halves.push({ before: states, after: await model.steps(input, states, { removed: half }) });
    return { full, halves };
  },
};

/** Tokens are out of the context from layer 0 on: what blocks start from differs too, but at layer 0. */
const total: ContextReading = {
  name: "total",
  async contexts(model, input, states, removed) {
    const halves: BlockStates[] = [];
    for (const half of removed) {
      const own = await model.states(input, { removed: half });
      halves.push({ before: own, after: own });
    }
    return { full: { before: states, after: states }, halves };
  },
};

/** In the order in which they are run. */
export const READINGS: readonly ContextReading[] = [direct, total];

/** @throws TokensphereError `input` where blocks that are fed do something else than those of the whole model. */
function requireSame({ before, after }: BlockStates): void {
  for (const { layer, x } of after.layers) {
    const own = before.layers.find((one) => one.layer === layer);
    if (own && stateDifference(x, own.x, before.mask, before.d) <= SAME_BLOCK_TOLERANCE) continue;
    const what = `blocks run one by one give another layer ${layer} than the model`;
    throw new TokensphereError("input", `${what}. give another export of the model`);
  }
}
