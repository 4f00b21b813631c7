import { TokensphereError } from "../../models/errors.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { ModelBatch, OpenModel, StateSource } from "../sources/state-source.ts";
import { changed } from "./causal.ts";

/** Probability above which a token sees another: half precision and rounding are far below. */
const SEEN = 1e-6;

/**
 * Whether no token sees what comes after it: as the attention of the first texts shows, where it was read, else as the model
 * does that is run on them again without their second half. Of saved states it is what they or their run recorded.
 *
 * @param batch - The first of the source.
 * @returns `null` where nothing is known: most networks are not.
 */
export async function isCausal({ opened, causal }: StateSource, { states }: ModelBatch): Promise<boolean | null> {
  if (opened === null) return states.causal ?? causal ?? null;
  return looksBack(states) ?? (await staysWithoutTheRest(opened, states));
}

/** `null` where no attention was read, or no text has two tokens. */
function looksBack({ batch, n, attentions = [], mask }: HiddenStates): boolean | null {
  let known = false;
  for (const { heads, probabilities } of attentions) {
    for (let row = 0; row < batch * heads; row++) {
      const counts = mask.subarray(Math.floor(row / heads) * n, (Math.floor(row / heads) + 1) * n);
      for (let i = 0; i < n; i++) {
        for (let j = i + 1; j < n; j++) {
          if (counts[i] === 0 || counts[j] === 0) continue;
          if (probabilities[(row * n + i) * n + j] > SEEN) return false;
          known = true;
        }
      }
    }
  }
  return known || null;
}

/** Whether the first half of each text is the same after the first block where the second is taken out. */
async function staysWithoutTheRest({ model, inputs }: OpenModel, states: HiddenStates): Promise<boolean | null> {
  const { batch, n, mask } = states;
  const half = Math.floor(n / 2);
  if (model.removal() === null || half === 0) return null;
  const first = await inputs().next();
  if (first.done) return null;
  const removed = Uint8Array.from({ length: batch * n }, (_, p) => Number(p % n >= half));
  try {
    const less = await model.states(first.value.input, { removed });
    const kept = Array.from({ length: batch * n }, (_, p) => p).filter((p) => p % n < half && mask[p] === 1);
    const place = (p: number) => (less.n < n ? Math.floor(p / n) * less.n + (p % n) : p);
    return kept.length === 0 ? null : !kept.some((p) => changed(states, p, less, place(p)));
  } catch (error) {
    if (error instanceof TokensphereError) return null; // It cannot be asked.
    throw error;
  }
}
