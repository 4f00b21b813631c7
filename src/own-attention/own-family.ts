import type { BlockAttention } from "../../models/attention-weights/attention-weights.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { ownDynamics } from "../../sim/dynamics/define-dynamics.ts";
import type { Dynamics } from "../../sim/dynamics/dynamics.ts";
import { multiHeadAttention } from "../../sim/terms/multi-head-attention.ts";
import type { Term } from "../../sim/terms/term.ts";
import type { Family, MovingFamily } from "../laws/families.ts";
import { multiHeads } from "./multi-heads.ts";

/** What the matrices act among. */
export interface OwnPlace {
  /** Of all texts: how long tokens are in each layer. */
  readonly states: readonly HiddenStates[];
  readonly startLayer: number;
  readonly causal: boolean;
}

/**
 * The family whose tokens move by the attention of a network's blocks, ẋ_i = P Σ_h Σ_j a^h_ij V_h x_j, values through the output and over the length that
 * tokens have. A block that other blocks share its weights with is one for all of them; else block k acts from time k to k + 1, the last
 * for ever, so that under the network's own clock layer k lies at time k. β = 1 is its own temperature: nothing is fitted but times.
 */
export function ownFamily(family: Family, blocks: readonly BlockAttention[], place: OwnPlace): MovingFamily {
  const { startLayer, causal } = place;
  const acting = blocks.filter(({ to }) => to >= startLayer);
  const terms = acting.map((block): Term => multiHeadAttention(multiHeads(block, lengthIn(block, place), causal)));
  const dynamics: Dynamics = {
    name: family.name,
    equation: "ẋ_i = P^⊥ Σ_h Σ_j a^h_ij V_h x_j, matrices of the network",
    source: "Vaswani et al. 2017; GLPR25",
    geometry: "sphere",
    width: blocks[0].d,
    parameters: {},
    terms: ({ block }) => [terms[typeof block === "number" ? block : 0]],
    pieces: () =>
      acting.map(({ to }, block) => ({
        until: block === acting.length - 1 ? Number.POSITIVE_INFINITY : to + 1 - startLayer,
        params: { block },
      })),
    logScale: () => 0,
    rotates: false,
    permutes: !causal,
    contracts: false,
  };
  return { ...family, dynamics: ownDynamics(dynamics) };
}

/** Root mean square length of the tokens in the layers that a block starts from. */
function lengthIn({ layer, to }: BlockAttention, { states }: OwnPlace): number {
  let [sum, count] = [0, 0];
  for (const { batch, n, d, layers, mask, special } of states) {
    for (const { layer: at, x } of layers) {
      if (typeof at !== "number" || at < layer || at > to) continue;
      for (let i = 0; i < batch * n; i++) {
        if (mask[i] === 0 || special?.[i] === 1) continue;
        for (let p = i * d; p < (i + 1) * d; p++) sum += x[p] ** 2;
        count++;
      }
    }
  }
  return Math.sqrt(sum / Math.max(1, count));
}
