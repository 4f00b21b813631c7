import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { probeAttention } from "../../probes/attention/probe-attention.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import type { GramEngine } from "../../probes/products/gram-engine.ts";
import { type AttentionRow, attentionRow } from "../run/attention-row.ts";
import { namingFailures } from "../sources/name-failure.ts";
import type { ModelBatch } from "../sources/state-source.ts";

/** The states between attention and MLP in the place of the layers, to be measured like them. */
export function middleStates(states: HiddenStates): HiddenStates {
  return { ...states, layers: states.residMid ?? [] };
}

/** Measures the attention of every text of a batch; none where the states hold none. Texts are numbered from `firstText` on. */
export async function attentionRows(
  engine: GramEngine,
  states: HiddenStates,
  firstText: number,
  policy: Policy,
): Promise<AttentionRow[]> {
  const rows: AttentionRow[] = [];
  for (let row = 0; states.attentions && row < states.batch; row++) {
    const probes = await probeAttention(states, row, policy, engine);
    rows.push(...probes.map((probe) => attentionRow(probe, firstText)));
  }
  return rows;
}

/**
 * Hands on batch after batch and measures the attention of each on its way, rows going to `take`. Unless they are to be
 * kept, the probabilities are let go: they take heads·n² numbers a block.
 */
export async function* measuringAttention(
  engine: GramEngine,
  batches: AsyncIterable<ModelBatch>,
  policy: Policy,
  keep: boolean,
  take: (rows: readonly AttentionRow[]) => void,
): AsyncGenerator<ModelBatch, void, undefined> {
  let texts = 0;
  for await (const batch of batches) {
    const from = texts;
    take(await namingFailures(batch, batch.states.batch, () => attentionRows(engine, batch.states, from, policy)));
    texts += batch.states.batch;
    const { attentions, ...states } = batch.states;
    yield keep ? batch : { ...batch, states };
  }
}
