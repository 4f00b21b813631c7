import type { RawTensor } from "../arrays/raw-tensor.ts";
import { option, TokensphereError } from "../errors.ts";
import type { LayerAttention } from "./hidden-states.ts";

/**
 * How far a row may be from 1 in sum. Each entry of a half-precision row is rounded by at most 2⁻⁹ of itself (bfloat16;
 * float16 2⁻¹²), so the sum by no more; float32 rows are within 1e-6. What is no softmax over keys is far beyond.
 */
const ROW_SUM_TOLERANCE = 2e-3;

/**
 * Softmax outputs of one block as `[batch, heads, n, n]`, checked: whole rows of probabilities. Exporters write
 * `[batch, heads, n, n]`, `[batch·heads, n, n]` or `[batch, groups, heads, n, n]`; where a block has several (heads
 * unrolled), they stand one after the other as heads. A softmax over something else beside them (the kernel of a
 * convolution, as in ConvBERT) is left out.
 *
 * @param mask `[batch, n]`: rows of positions that do not count are not checked.
 * @throws TokensphereError `input` where it is none, with the block's name.
 */
export function attentionOf(
  layer: number,
  tensors: readonly RawTensor[],
  batch: number,
  n: number,
  mask: Uint8Array,
): LayerAttention {
  const square = tensors.filter((tensor) => isSquare(tensor, n));
  const parts = (square.length > 0 ? square : tensors).map((tensor) => ({
    heads: headsOf(layer, tensor, batch, n),
    data: floatsOf(layer, tensor),
  }));
  const heads = parts.reduce((sum, part) => sum + part.heads, 0);
  const probabilities = parts.length === 1 ? parts[0].data : joinHeads(parts, batch, n * n);
  checkRows({ layer, heads, probabilities }, n, mask);
  return { layer, heads, probabilities };
}

function isSquare({ shape }: Pick<RawTensor, "shape">, n: number): boolean {
  return shape.length >= 3 && shape.at(-1) === n && shape.at(-2) === n;
}

function headsOf(layer: number, { shape }: RawTensor, batch: number, n: number): number {
  const heads = shape.slice(0, -2).reduce((product, dim) => product * dim, 1) / batch;
  if (isSquare({ shape }, n) && shape[0] % batch === 0 && Number.isInteger(heads)) return heads;
  const what = `block ${layer + 1} attends in shape [${shape.join(", ")}], not [batch = ${batch}, heads, n = ${n}, n]`;
  const remedy = `windows, sinks and caches are not read as attention probabilities: leave out ${option("attentions")}`;
  throw new TokensphereError("input", `${what}. ${remedy}`);
}

function floatsOf(layer: number, { dtype, data }: RawTensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (dtype !== "float64") throw bad(layer, `is ${dtype}, no floating point`);
  return Float32Array.from(data as Float64Array);
}

function joinHeads(
  parts: readonly { readonly heads: number; readonly data: Float32Array }[],
  batch: number,
  size: number,
): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (let row = 0; row < batch; row++) {
    for (const { heads, data } of parts) {
      joined.set(data.subarray(row * heads * size, (row + 1) * heads * size), at);
      at += heads * size;
    }
  }
  return joined;
}

function checkRows({ layer, heads, probabilities }: LayerAttention, n: number, mask: Uint8Array): void {
  const rows = probabilities.length / n;
  for (let row = 0; row < rows; row++) {
    const text = Math.floor(row / (heads * n));
    const position = row % n;
    if (mask[text * n + position] === 0) continue;
    const sum = rowSum(probabilities, row * n, n);
    if (Math.abs(sum - 1) <= ROW_SUM_TOLERANCE) continue;
    const head = Math.floor(row / n) % heads;
    throw bad(layer, `is no distribution: row ${position} of head ${head} sums to ${sum.toPrecision(4)}`);
  }
}

/** NaN where an entry is negative, so that no sum hides it. */
function rowSum(values: Float32Array, from: number, n: number): number {
  let sum = 0;
  for (let k = from; k < from + n; k++) sum += values[k] >= 0 ? values[k] : Number.NaN;
  return sum;
}

function bad(layer: number, what: string): TokensphereError {
  return new TokensphereError(
    "input",
    `self-check failed: the attention of block ${layer + 1} ${what}. leave out ${option("attentions")}, and please report this file`,
  );
}
