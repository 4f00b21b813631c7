import type { RawTensor } from "../arrays/raw-tensor.ts";
import { TokensphereError } from "../errors.ts";

/**
 * `[batch, n]` from an attention mask of that shape; all ones where there is none, as for images.
 *
 * @throws TokensphereError `input` where a row counts no position.
 */
export function positionMask(attention: RawTensor | undefined, batch: number, n: number): Uint8Array {
  if (attention?.shape.length !== 2 || attention.shape[0] !== batch || attention.shape[1] !== n) {
    return new Uint8Array(batch * n).fill(1);
  }
  const mask = Uint8Array.from(attention.data as ArrayLike<number>, (value) => (Number(value) === 0 ? 0 : 1));
  for (let row = 0; row < batch; row++) {
    if (mask.subarray(row * n, (row + 1) * n).includes(1)) continue;
    throw new TokensphereError("input", `attention_mask counts no position: row ${row}. keep at least one`);
  }
  return mask;
}
