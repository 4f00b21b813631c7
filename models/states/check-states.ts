import { allFinite } from "../arrays/all-finite.ts";
import type { RawTensor } from "../arrays/raw-tensor.ts";
import { TokensphereError } from "../errors.ts";
import type { LayerStates } from "../stream/hidden-states.ts";

/**
 * A stream tensor as `[batch, n, d]`, checked: float, of one shape for all layers, finite where a position counts.
 *
 * @param like the shape that the layers before have, or null for the first.
 * @param mask `[batch, n]` from the number n of positions.
 * @throws TokensphereError `input` naming the layer.
 */
export function checkLayer(
  layer: LayerStates["layer"] | `mid ${number}`,
  tensor: RawTensor,
  batch: number,
  like: readonly number[] | null,
  mask: (n: number) => Uint8Array,
): { readonly shape: readonly number[]; readonly x: Float32Array } {
  const { dtype, data } = tensor;
  const shape = tensor.shape.length === 2 ? [batch, tensor.shape[0] / batch, tensor.shape[1]] : tensor.shape;
  if (dtype !== "float32" && dtype !== "float64") throw wrong(layer, `is ${dtype}, no floating point`);
  if (shape.length !== 3 || shape[0] !== batch || !Number.isInteger(shape[1])) {
    throw wrong(layer, `has shape [${tensor.shape.join(", ")}], not [batch = ${batch}, n, d]`);
  }
  if (like && shape.some((dim, k) => dim !== like[k])) {
    const what = `layer ${layer} has shape [${shape.join(", ")}], layer 0 has [${like.join(", ")}]`;
    const remedy = "models that merge, pool or drop tokens between blocks are not read";
    throw new TokensphereError("input", `the stream changes its shape: ${what}. ${remedy}`);
  }
  const x = data instanceof Float32Array ? data : Float32Array.from(data as Float64Array);
  const finite = finiteStates(x, mask(shape[1]), shape[2]);
  if (finite === null)
    throw new TokensphereError("input", `states are not finite: layer ${layer}. check the model's weights`);
  return { shape, x: finite };
}

/**
 * The largest difference of two states over positions that count, relative to the largest entry of the second
 * (at least 1).
 */
export function stateDifference(x: Float32Array, y: Float32Array, mask: Uint8Array, d: number): number {
  let difference = 0;
  let scale = 1;
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    for (let k = i * d; k < (i + 1) * d; k++) {
      difference = Math.max(difference, Math.abs(x[k] - y[k]));
      scale = Math.max(scale, Math.abs(y[k]));
    }
  }
  return difference / scale;
}

/** @throws TokensphereError `input` where the file's own last state is another one than the stream's. */
export function checkLastState(difference: number, layer: LayerStates["layer"], tolerance: number): void {
  if (difference <= tolerance) return;
  const what = `layer ${layer} is not the model's last_hidden_state: they differ by ${difference.toExponential(1)}`;
  throw new TokensphereError("input", `self-check failed: ${what}. please report this file`);
}

/** @throws TokensphereError `input` where config.json counts other blocks than were found. */
export function checkLayerCount(found: number, configured: number | null): void {
  if (configured === null || configured === found) return;
  const what = `found ${found} blocks, config.json says ${configured}`;
  throw new TokensphereError(
    "input",
    `self-check failed: ${what}. check that the file and config.json belong together`,
  );
}

/**
 * States whose entries are finite wherever a position counts. What a model makes of padding may be no number (a softmax over
 * nothing): zeros stand there then, so that none of it spreads.
 *
 * @param mask `[positions]`, 1 where it counts.
 * @returns `x` itself where all is finite, a copy where padding is not, null where a position that counts is not.
 */
export function finiteStates(x: Float32Array, mask: Uint8Array, d: number): Float32Array | null {
  if (allFinite(x)) return x;
  let finite = x;
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(x[i])) continue;
    if (mask[Math.floor(i / d)] !== 0) return null;
    if (finite === x) finite = x.slice();
    finite[i] = 0;
  }
  return finite;
}

function wrong(layer: string | number, what: string): TokensphereError {
  return new TokensphereError("input", `self-check failed: layer ${layer} ${what}. please report this file`);
}
