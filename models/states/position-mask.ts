import { type RawTensor, sizeOf } from "../arrays/raw-tensor.ts";
import { TokensphereError } from "../errors.ts";
import { batchFirst } from "../stream/axis-order.ts";
import { additiveFlags, maskFlags } from "./mask-flags.ts";

/**
 * `[batch, n]` from an attention mask of that shape, or of the shape `[batch, 1, 1, n]` in which a model adds it to its scores;
 * all ones where there is none, as for images.
 *
 * @param turned whether it may be `[n, batch]`, as the ids are.
 * @throws TokensphereError `input` where it is no mask, or a row counts no position.
 */
export function positionMask(attention: RawTensor | undefined, batch: number, n: number, turned = false): Uint8Array {
  if (turned && attention && batch !== n && isOfPositions(attention.shape, n, batch)) {
    return positionMask(batchFirst(attention), batch, n);
  }
  if (!attention || !isOfPositions(attention.shape, batch, n)) return new Uint8Array(batch * n).fill(1);
  const mask = (attention.shape.length > 2 ? additiveFlags(attention) : null) ?? maskFlags(attention);
  if (!(mask instanceof Uint8Array)) {
    throw new TokensphereError("input", `attention_mask ${mask.what}. ${mask.remedy}`);
  }
  for (let row = 0; row < batch; row++) {
    if (mask.subarray(row * n, (row + 1) * n).includes(1)) continue;
    throw new TokensphereError("input", `attention_mask counts no position: row ${row}. keep at least one`);
  }
  return mask;
}

function isOfPositions(shape: readonly number[], batch: number, n: number): boolean {
  return shape.length >= 2 && shape[0] === batch && shape.at(-1) === n && sizeOf(shape) === batch * n;
}
