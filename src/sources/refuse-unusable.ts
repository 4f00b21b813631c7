import { applyPolicyToSelection } from "../../probes/policy/apply-policy.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import { selectTokens } from "../../probes/policy/select-tokens.ts";
import { namingFailures } from "./name-failure.ts";
import type { ModelBatch } from "./state-source.ts";

/**
 * Refuses states that the policy leaves nothing to measure of, before work on all of them begins: later nobody would know
 * what the text at fault is called.
 *
 * @throws TokensphereError `input`, with the text's name: too few tokens, a state without direction.
 */
export async function refuseUnusable(batches: readonly ModelBatch[], policy: Policy): Promise<void> {
  for (const batch of batches) await namingFailures(batch, batch.states.batch, async () => tryPolicy(batch, policy));
}

function tryPolicy({ states }: ModelBatch, policy: Policy): void {
  for (let row = 0; row < states.batch; row++) {
    states.layers.forEach((_, k) => void applyPolicyToSelection(selectTokens(states, row, k, policy), policy));
  }
}
