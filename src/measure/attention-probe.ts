import { probeAttention } from "../../probes/attention/probe-attention.ts";
import { mean, meanOfKnown, sum } from "../over-texts/running-means.ts";
import { type AttentionRow, attentionRow } from "../run/rows/attention-row.ts";
import type { Probe } from "./probe.ts";

/** Every head of every block; no rows where the states hold no attention. One row a head: means over texts. */
export const attentionProbe: Probe<AttentionRow> = {
  asked: ({ attentions }) => attentions ?? false,
  async measure({ engine, states, row, text, options }) {
    const probes = await probeAttention(states, row, options.policy, engine);
    return { rows: probes.map((probe) => attentionRow(probe, text - row)) };
  },
  means: {
    key: ({ layer, head }) => `${layer} ${head}`,
    columns: {
      rows: sum((row) => row.rows),
      pairs: sum((row) => row.pairs),
      entropy: mean((row) => row.entropy),
      log_keys: mean((row) => row.log_keys),
      beta: meanOfKnown((row) => row.beta),
      r2: meanOfKnown((row) => row.r2),
    },
  },
};
