import type { BlockAttention } from "../../models/attention-weights/attention-weights.ts";
import type { MultiHeads } from "../../sim/terms/multi-head-attention.ts";

/**
 * The attention of a block as a term for unit tokens θ. A norm before it makes √d θ of them, times its gain; where there is none they have the
 * length that tokens of the stream have there. Both are in the matrices then, so that β = 1 is the network's own temperature.
 *
 * @param length of the tokens of the stream: what a block adds turns a long token less.
 */
export function multiHeads(block: BlockAttention, length: number, causal: boolean): MultiHeads {
  const { d, width, valueWidth, queries, keys, factor, heads, norm } = block;
  const before = norm ? Math.sqrt(d) : length;
  const gain = Float64Array.from({ length: d }, (_, k) => before * (norm?.gain?.[k] ?? 1));
  const count = heads.length;
  const values = new Float64Array(d * count * valueWidth);
  const output = new Float64Array(count * valueWidth * d);
  heads.forEach((head, h) => {
    for (let k = 0; k < d; k++)
      for (let p = 0; p < valueWidth; p++)
        values[(k * count + h) * valueWidth + p] = (gain[k] / length) * head.values[k * valueWidth + p];
    output.set(head.output, h * valueWidth * d);
  });
  return {
    ...{ d, heads: count, width, valueWidth, values, output, causal },
    queries: timesRows(queries.matrix, gain, factor),
    queryBias: biasOf(queries, norm?.shift ?? null, d).map((value) => factor * value),
    keys: timesRows(keys.matrix, gain, 1),
    keyBias: biasOf(keys, norm?.shift ?? null, d),
    centred: norm?.kind === "LayerNorm",
  };
}

/** Row k times gain[k] and a factor. */
function timesRows(matrix: Float32Array, gain: Float64Array, factor: number): Float64Array {
  const columns = matrix.length / gain.length;
  return Float64Array.from(matrix, (value, p) => factor * gain[Math.floor(p / columns)] * value);
}

/** The bias, and what the shift of the norm comes to. */
function biasOf({ matrix, bias }: BlockAttention["queries"], shift: Float32Array | null, d: number): Float64Array {
  const columns = matrix.length / d;
  const out = Float64Array.from({ length: columns }, (_, c) => bias?.[c] ?? 0);
  if (shift) for (let k = 0; k < d; k++) for (let c = 0; c < columns; c++) out[c] += shift[k] * matrix[k * columns + c];
  return out;
}
