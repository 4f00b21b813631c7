import { type RawInputs, type RawTensor, sizeOf, type TensorData } from "../arrays/raw-tensor.ts";
import { option, TokensphereError } from "../errors.ts";
import type { OnnxValue } from "../onnx/graph.ts";

/**
 * What a model takes: its inputs, the one that the stream starts from, how many ids that one knows, and how many
 * positions there are (null: not known).
 */
export interface InputNeeds {
  readonly inputs: readonly OnnxValue[];
  readonly source: string;
  readonly vocabulary: number | null;
  readonly positions: number | null;
  /** Whether the stream depends on an input; default: on every one. What it does not, is filled with zeros. */
  readonly reads?: (name: string) => boolean;
  /** Whether positions are counted over what `attention_mask` keeps, as of OPT; default false: over all. */
  readonly positionsByMask?: boolean;
}

export interface FilledInputs {
  readonly inputs: RawInputs;
  /** Names that were filled in, with what. */
  readonly filled: readonly string[];
}

/**
 * Checks the inputs given and fills in what can be left out: masks with ones, token types with zeros, positions with
 * 0 … n−1 or, where the model counts so, over what the mask keeps, caches with nothing, switches with false.
 *
 * @throws TokensphereError `input` for an unknown name, a wrong type or shape, an id outside the embedding, or an
 *   input that is missing and cannot be filled in.
 */
export function fillInputs(needs: InputNeeds, given: RawInputs): FilledInputs {
  refuseOtherLength(needs, given);
  for (const [name, tensor] of Object.entries(given)) checkGiven(needs, name, tensor);
  const main = given[needs.source];
  if (!main) throw new TokensphereError("input", `no input ${needs.source}: the model starts from it. give it`);
  checkIds(needs, main);
  checkPositions(needs, main);
  checkFreeDims(needs, given);
  const inputs: Record<string, RawTensor> = {};
  const filled: string[] = [];
  for (const value of needs.inputs) {
    const tensor = given[value.name];
    if (tensor) {
      inputs[value.name] = tensor;
      continue;
    }
    const kind = fillKind(value.name) ?? (isUnreadRow(needs, value) ? "zeros" : null);
    inputs[value.name] = fillOne(needs, value, main, kind, given[MASK]);
    const why = needs.reads?.(value.name) === false ? ", the stream does not depend on it" : "";
    filled.push(`input ${value.name} not given: filled with ${kind}${why}`);
  }
  return { inputs, filled };
}

/** Whole numbers in the integer or float type that an input asks for. */
export function tensorOf(dtype: string, shape: readonly number[], values: ArrayLike<number>): RawTensor {
  return { dtype, shape, data: dataOf(dtype, values) };
}

function dataOf(dtype: string, values: ArrayLike<number>): TensorData {
  if (dtype === "int64") return BigInt64Array.from(Array.from(values, BigInt));
  if (dtype === "int32") return Int32Array.from(values);
  if (dtype === "float32") return Float32Array.from(values);
  if (dtype === "float64") return Float64Array.from(values);
  if (dtype === "float16") return Uint16Array.from(values, (value) => (value ? 0x3c00 : 0));
  if (dtype === "bool" || dtype === "uint8") return Uint8Array.from(values);
  throw new TokensphereError(
    "input",
    `inputs of type ${dtype} cannot be filled in. give them with ${option("inputs")}`,
  );
}

type Fill = "ones" | "zeros" | "positions" | "an empty cache" | "false";

function fillKind(name: string): Fill | null {
  if (/past|cache_values|present/i.test(name)) return "an empty cache";
  if (/use_cache/i.test(name)) return "false";
  if (/mask/i.test(name)) return "ones";
  if (/token_type|segment/i.test(name)) return "zeros";
  if (/position/i.test(name)) return "positions";
  return null;
}

/** Token ids of another stream: any will do. */
function isUnreadRow({ reads }: InputNeeds, { name, dtype }: OnnxValue): boolean {
  return dtype.startsWith("int") && reads?.(name) === false;
}

function fillOne(needs: InputNeeds, value: OnnxValue, main: RawTensor, kind: Fill | null, mask?: RawTensor): RawTensor {
  const [batch, n] = [main.shape[0], main.shape[1] ?? 1];
  if (kind === "an empty cache") {
    const source = needs.inputs.find(({ name }) => name === needs.source);
    return emptyCache(value, source?.dims?.[0] ?? null, batch);
  }
  if (kind === "false") return tensorOf(value.dtype, [1], [0]);
  if (kind === null || (value.dims !== null && value.dims.length !== 2)) {
    throw new TokensphereError("input", `no input ${value.name}: the model needs it. give it with ${option("inputs")}`);
  }
  if (kind === "positions" && needs.positionsByMask && mask) return keptPositions(value.dtype, mask);
  const fill = { ones: () => 1, zeros: () => 0, positions: (i: number) => i % n }[kind];
  return tensorOf(
    value.dtype,
    [batch, n],
    Array.from({ length: batch * n }, (_, i) => fill(i)),
  );
}

/** 0, 1, … over the positions of each row that a mask `[batch, n]` keeps, −1 at the others. */
function keptPositions(dtype: string, { shape, data }: RawTensor): RawTensor {
  let next = 0;
  const positions = Array.from(data as ArrayLike<number | bigint>, (kept, i) => {
    if (i % shape[1] === 0) next = 0;
    return Number(kept) === 0 ? -1 : next++;
  });
  return tensorOf(dtype, shape, positions);
}

/**
 * No past: any free dimension has length 0, but that of the batch, which is called as in the main input; where none is, the first
 * axis, or the second behind one that stacks keys and values.
 */
function emptyCache({ name, dtype, dims }: OnnxValue, batchName: string | number | null, batch: number): RawTensor {
  if (dims === null)
    throw new TokensphereError("input", `no input ${name}: its shape is not known. give it with ${option("inputs")}`);
  const called = typeof batchName === "string" ? dims.indexOf(batchName) : -1;
  const axis = called >= 0 ? called : dims[0] === 2 && dims.length === 5 ? 1 : 0;
  const shape = dims.map((dim, k) => (typeof dim === "number" ? dim : k === axis ? batch : 0));
  return tensorOf(dtype, shape, new Float32Array(sizeOf(shape)));
}

function checkGiven(needs: InputNeeds, name: string, tensor: RawTensor): void {
  const value = needs.inputs.find((input) => input.name === name);
  if (!value) {
    const known = needs.inputs.map((input) => input.name).join(", ");
    throw new TokensphereError("input", `unknown input: ${name}. the model takes ${known}`);
  }
  if (tensor.dtype !== value.dtype) {
    throw new TokensphereError("input", `input ${name} is ${tensor.dtype}. the model takes ${value.dtype}`);
  }
  const { shape } = tensor;
  const fits =
    value.dims === null ||
    (value.dims.length === shape.length && value.dims.every((dim, k) => typeof dim !== "number" || dim === shape[k]));
  if (!fits) {
    const wanted = value.dims?.map((dim) => dim ?? "?").join(", ");
    throw new TokensphereError("input", `input ${name} has shape [${shape.join(", ")}]. the model takes [${wanted}]`);
  }
  if (sizeOf(shape) === 0 && fillKind(name) !== "an empty cache") {
    throw new TokensphereError("input", `input ${name} is empty: shape [${shape.join(", ")}]. give at least one token`);
  }
}

/** @throws TokensphereError `input` for a row of ids that is longer than an export allows, or shorter and cannot be padded. */
function refuseOtherLength(needs: InputNeeds, given: RawInputs): void {
  const most = fixedLength(needs);
  const main = given[needs.source];
  if (most === null || !main || main.shape.length !== 2 || main.shape[1] === most) return;
  const what = `exported for exactly ${most} tokens: ${needs.source} has ${main.shape[1]}`;
  const remedy = main.shape[1] > most ? "cut the rows, or export it" : "give as many, or export it";
  throw new TokensphereError("input", `${what}. ${remedy} with a free length`);
}

/** How many tokens a row must have; null where any number will do. */
export function fixedLength({ inputs, source }: Pick<InputNeeds, "inputs" | "source">): number | null {
  const main = inputs.find(({ name }) => name === source);
  const length = main?.dtype.startsWith("int") && main.dims?.length === 2 ? main.dims[1] : null;
  return typeof length === "number" && length > 0 ? length : null;
}

/**
 * Shorter rows padded to the length that an export is fixed to, under its attention mask: rows of ids and all that has their shape
 * get zeros behind them.
 *
 * @returns the inputs as they are where nothing is to be padded, or no mask would hide it.
 */
export function paddedInputs(needs: Pick<InputNeeds, "inputs" | "source" | "reads">, given: RawInputs): RawInputs {
  const length = fixedLength(needs);
  const main = given[needs.source];
  const mask = needs.inputs.find(({ name }) => name === MASK);
  const masked = mask !== undefined && mask.dims?.length === 2 && needs.reads?.(MASK) !== false;
  if (length === null || !main || main.shape.length !== 2 || main.shape[1] >= length || !masked) return given;
  const [batch, n] = main.shape;
  const ones = tensorOf(mask.dtype, main.shape, new Float64Array(batch * n).fill(1));
  const pad = (tensor: RawTensor): RawTensor => {
    if (tensor.shape.length !== 2 || tensor.shape[0] !== batch || tensor.shape[1] !== n) return tensor;
    const data = new (tensor.data.constructor as Float32ArrayConstructor)(batch * length);
    for (let row = 0; row < batch; row++) {
      data.set((tensor.data as Float32Array).subarray(row * n, (row + 1) * n), row * length); // Of any kind: only moved.
    }
    return { ...tensor, shape: [batch, length], data };
  };
  const all = Object.entries({ [MASK]: ones, ...given });
  return Object.fromEntries(all.map(([name, tensor]) => [name, pad(tensor)]));
}

const MASK = "attention_mask";

/** A named dimension has one length in all inputs. */
function checkFreeDims(needs: InputNeeds, given: RawInputs): void {
  const lengths = new Map<string, { readonly length: number; readonly input: string }>();
  for (const { name, dims } of needs.inputs) {
    const shape = given[name]?.shape;
    if (!shape) continue;
    dims?.forEach((dim, axis) => {
      if (typeof dim !== "string") return;
      const before = lengths.get(dim);
      if (before && before.length !== shape[axis]) {
        const what = `inputs ${before.input} and ${name} differ in ${dim}: ${before.length} and ${shape[axis]}`;
        throw new TokensphereError("input", `${what}. give equal lengths`);
      }
      lengths.set(dim, { length: shape[axis], input: name });
    });
  }
}

function checkPositions({ source, positions }: InputNeeds, { shape, dtype }: RawTensor): void {
  if (positions === null || !dtype.startsWith("int") || shape.length !== 2 || shape[1] <= positions) return;
  const what = `too many positions: ${shape[1]} in ${source}, the model takes ${positions}`;
  throw new TokensphereError("input", `${what}. cut the rows`);
}

function checkIds({ source, vocabulary }: InputNeeds, { dtype, data }: RawTensor): void {
  if (vocabulary === null || !dtype.startsWith("int")) return;
  for (const id of data) {
    if (id >= 0 && id < vocabulary) continue;
    const range = `ids are 0 … ${vocabulary - 1}`;
    throw new TokensphereError("input", `token id outside the embedding: ${id} in ${source}. ${range}`);
  }
}
