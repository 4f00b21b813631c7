import type { RawInputs, RawTensor } from "../arrays/raw-tensor.ts";
import { option, TokensphereError } from "../errors.ts";
import type { OnnxGraph } from "../onnx/graph.ts";
import { tensorOf } from "./fill-inputs.ts";
import type { EncodedText, EncodeOptions, Tokenizer } from "./tokenizer.ts";

/**
 * A text as tokens; says where it was cut.
 *
 * @param name what the text is called in that warning; null: nothing.
 * @throws TokensphereError `input` for a text without tokens or with too many.
 */
export function encodeText(
  tokenizer: Tokenizer,
  text: string,
  options: EncodeOptions,
  warn: (message: string) => void,
  name: string | null = null,
): EncodedText {
  const encoded = tokenizer.encode(text, options.truncate ? { truncate: true } : {});
  const which = name === null ? "" : `${name}: `;
  if (encoded.dropped > 0) {
    warn(`text cut: ${which}${encoded.dropped} tokens beyond the model's ${tokenizer.limit} dropped`);
  }
  return encoded;
}

/**
 * An input as a caller without types may give it: a text, its tokens, or tensors by name.
 *
 * @throws TokensphereError `usage` for anything else.
 */
export function checkInput(input: unknown): void {
  if (typeof input === "string") return;
  const fail = (what: string) =>
    new TokensphereError("usage", `no input: ${what}. give a text, its tokens or tensors by name`);
  if (typeof input !== "object" || input === null) throw fail(input === null ? "null" : typeof input);
  if (Array.isArray(input)) throw fail("a list");
  const { ids } = input as { readonly ids?: unknown };
  if (Array.isArray(ids)) {
    const wrong = ids.find((id) => !Number.isSafeInteger(id));
    if (wrong !== undefined) throw fail(`a token id that is no whole number, ${String(wrong)}`);
    return;
  }
  const other = Object.entries(input).find(([, tensor]) => !isTensor(tensor));
  if (other) throw fail(`${other[0]} is no tensor of dtype, shape and data`);
}

/**
 * Texts one after the other, as a caller without types may give them; a text alone would be taken letter by letter.
 *
 * @throws TokensphereError `usage` for what cannot be gone through, and for a text.
 */
export function checkTexts(texts: unknown): void {
  const { [Symbol.iterator]: now, [Symbol.asyncIterator]: later } = Object(texts ?? {});
  if (typeof texts !== "string" && (typeof now === "function" || typeof later === "function")) return;
  const what = typeof texts === "string" ? "a text alone" : texts === null ? "null" : typeof texts;
  throw new TokensphereError("usage", `no texts: ${what}. give a list of texts`);
}

function isTensor(value: unknown): boolean {
  const { dtype, shape, data } = (value ?? {}) as Partial<Readonly<Record<string, unknown>>>;
  return typeof dtype === "string" && Array.isArray(shape) && typeof data === "object" && data !== null;
}

/** @throws TokensphereError `input` for a model whose input `source` takes no token ids. */
export function requireTextModel(graph: OnnxGraph, source: string): void {
  const main = graph.inputs.find(({ name }) => name === source);
  if (main?.dtype.startsWith("int")) return;
  const remedy =
    main?.name === "pixel_values" ? `give images with ${option("image")}` : `give raw inputs with ${option("inputs")}`;
  throw new TokensphereError("input", `the model takes no text: it starts from ${source}. ${remedy}`);
}

/**
 * Model inputs of one text, a batch of 1: ids, and those of attention_mask, token_type_ids and position_ids that the
 * model has. All else is left to be filled in.
 *
 * @param source the input that takes the ids.
 */
export function textInputs(encoded: EncodedText, graph: OnnxGraph, source: string): RawInputs {
  const n = encoded.ids.length;
  const values: Readonly<Record<string, readonly number[]>> = {
    attention_mask: encoded.ids.map(() => 1),
    token_type_ids: encoded.ids.map(() => 0),
    position_ids: encoded.ids.map((_, i) => i),
    [source]: encoded.ids,
  };
  const inputs: Record<string, RawTensor> = {};
  for (const { name, dtype } of graph.inputs) {
    if (values[name]) inputs[name] = tensorOf(dtype, [1, n], values[name]);
  }
  return inputs;
}
