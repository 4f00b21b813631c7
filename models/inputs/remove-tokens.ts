import type { RawInputs, RawTensor, TensorData } from "../arrays/raw-tensor.ts";
import { TokensphereError } from "../errors.ts";
import type { OnnxValue } from "../onnx/graph.ts";
import type { HiddenStates } from "../stream/hidden-states.ts";
import { tensorOf } from "./fill-inputs.ts";

/**
 * How tokens are taken out of the context of the others. `mask`: attention_mask is 0 there, everything else stays.
 * `positions`: they are left out, the others keep their position_ids. `shorter`: they are left out, and the others move up.
 */
export type Removal = "mask" | "positions" | "shorter";

const MASK = "attention_mask";
const POSITIONS = "position_ids";

/**
 * The way that changes least of what a model is given.
 *
 * @param source the input that the stream starts from.
 * @param reads whether the states depend on an input.
 * @returns null where the model starts from no row of token ids.
 */
export function removalOf(
  inputs: readonly OnnxValue[],
  source: string,
  reads: (name: string) => boolean,
): Removal | null {
  const isRow = (name: string) =>
    inputs.some((one) => one.name === name && (one.dims === null || one.dims.length === 2));
  const main = inputs.find(({ name }) => name === source);
  if (!main?.dtype.startsWith("int") || !isRow(source)) return null;
  if (isRow(MASK) && reads(MASK)) return "mask";
  return isRow(POSITIONS) && reads(POSITIONS) ? "positions" : "shorter";
}

/** What tokens are taken out of. */
export interface RemovalPlace {
  readonly way: Removal;
  readonly inputs: readonly OnnxValue[];
  readonly source: string;
}

/**
 * The same inputs with some tokens out of the context of the others.
 *
 * @param removed `[batch, n]`: 1 where a token is taken out.
 * @throws TokensphereError `input` where a model without a mask is given several rows, which would differ in length.
 */
export function withoutTokens({ way, inputs, source }: RemovalPlace, given: RawInputs, removed: Uint8Array): RawInputs {
  const { shape } = given[source];
  if (removed.length !== shape[0] * shape[1])
    throw new RangeError(`removed: ${removed.length} for [${shape.join(", ")}]`);
  const dtypeOf = (name: string) => inputs.find((one) => one.name === name)?.dtype ?? "int64";
  if (way === "mask") {
    const before = given[MASK]?.data;
    const mask = Array.from(removed, (out, i) => (out === 1 || Number(before?.[i] ?? 1) === 0 ? 0 : 1));
    return { ...given, [MASK]: tensorOf(dtypeOf(MASK), shape, mask) };
  }
  if (shape[0] !== 1) {
    const what = `tokens cannot be taken out of ${shape[0]} rows at once: the model has no ${MASK}`;
    throw new TokensphereError("input", `${what}. give the rows one by one`);
  }
  const counted = Array.from(removed, (_, i) => i);
  const positions = way === "positions" ? { [POSITIONS]: tensorOf(dtypeOf(POSITIONS), shape, counted) } : {};
  const all = Object.entries({ ...positions, ...given });
  return Object.fromEntries(all.map(([name, tensor]) => [name, cutColumns(tensor, removed)]));
}

/** Of tensors with one number a token those of the tokens that stay; others as they are. */
function cutColumns(tensor: RawTensor, removed: Uint8Array): RawTensor {
  const { shape, data } = tensor;
  if (shape.length !== 2 || shape[0] !== 1 || shape[1] !== removed.length) return tensor;
  const kept = keptOf(data, removed);
  return { ...tensor, shape: [1, kept.length], data: kept };
}

function keptOf(data: TensorData, removed: Uint8Array): TensorData {
  return (data as Uint8Array).filter((_, i) => removed[i] === 0); // Every kind of typed array has the same filter.
}

/** States of one text without the tokens that are taken out. */
export function keptStates(
  { batch, d, layers }: HiddenStates,
  removed: Uint8Array,
): Pick<HiddenStates, "batch" | "n" | "d" | "layers"> {
  const keep = (x: Float32Array) => x.filter((_, p) => removed[Math.floor(p / d)] === 0);
  const n = removed.reduce((count, out) => count + 1 - out, 0);
  return { batch, n, d, layers: layers.map(({ layer, x }) => ({ layer, x: keep(x) })) };
}
