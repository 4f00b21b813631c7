import type { RawTensor } from "../arrays/raw-tensor.ts";
import { type AppendedTensor, createSafetensors } from "../arrays/safetensors-writer.ts";
import type { HiddenStates } from "../stream/hidden-states.ts";
import { FIRST_LAYER } from "./state-layout.ts";

/** Takes batch after batch, so that no more than one need be held. */
export interface HiddenStatesWriter {
  add(states: HiddenStates): Promise<void>;
  /** Writes the file; without it nothing appears under the file's name. */
  finish(): Promise<void>;
  abort(): Promise<void>;
}

/**
 * Writes hidden states as safetensors: float32 `hidden_states.k` `[batch, n, d]`, `final_norm`, int64 `attention_mask`
 * and, where known, `special_tokens_mask`; where they were asked for `resid_mid.k` `[batch, n, d]` and `attentions.k`
 * `[batch, heads, n, n]`. Token strings, where known, are in the metadata under `tokens`, a JSON list of one list a row; and under `causal`
 * whether tokens saw only what comes before them, `true` or `false`; where there is no embedding, `first_layer` is 1. With several batches each name begins with `text.i.`.
 *
 * @throws TokensphereError `disk` where the file cannot be written; so do the writer's functions.
 */
export async function createHiddenStates(path: string): Promise<HiddenStatesWriter> {
  const file = await createSafetensors(path);
  const batches: { readonly entries: Map<string, AppendedTensor>; readonly strings: [string, string][] }[] = [];
  return {
    abort: file.abort,
    async add(states) {
      const entries = new Map<string, AppendedTensor>();
      for (const [name, tensor] of tensorsOf(states)) entries.set(name, await file.append(tensor));
      batches.push({ entries, strings: stringsOf(states) });
    },
    async finish() {
      const prefix = (i: number) => (batches.length === 1 ? "" : `text.${i}.`);
      const named = batches.flatMap(({ entries }, i) =>
        [...entries].map(([name, entry]) => [`${prefix(i)}${name}`, entry] as const),
      );
      const strings = batches.flatMap((batch, i) =>
        batch.strings.map(([name, value]) => [`${prefix(i)}${name}`, value]),
      );
      const metadata = { format: "tokensphere hidden states", version: "1", ...Object.fromEntries(strings) };
      await file.finish(new Map(named), metadata);
    },
  };
}

/** Writes hidden states that are all at hand: see `createHiddenStates`. */
export async function writeHiddenStates(path: string, batches: readonly HiddenStates[]): Promise<void> {
  const writer = await createHiddenStates(path);
  try {
    for (const states of batches) await writer.add(states);
    await writer.finish();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

function tensorsOf(states: HiddenStates): [string, RawTensor][] {
  const { batch, n, d, layers, residMid = [], attentions = [], mask, special } = states;
  const tensors = layers.map(({ layer, x }): [string, RawTensor] => [
    layer === "final_norm" ? layer : `hidden_states.${layer}`,
    { dtype: "float32", shape: [batch, n, d], data: x },
  ]);
  for (const { layer, x } of residMid) {
    tensors.push([`resid_mid.${layer}`, { dtype: "float32", shape: [batch, n, d], data: x }]);
  }
  for (const { layer, heads, probabilities } of attentions) {
    tensors.push([`attentions.${layer}`, { dtype: "float32", shape: [batch, heads, n, n], data: probabilities }]);
  }
  tensors.push(["attention_mask", flags(mask, batch, n)]);
  if (special) tensors.push(["special_tokens_mask", flags(special, batch, n)]);
  return tensors;
}

function flags(values: Uint8Array, batch: number, n: number): RawTensor {
  return { dtype: "int64", shape: [batch, n], data: BigInt64Array.from(values, BigInt) };
}

/** What the metadata says, as it is read back; tokens only where they are known of every position. */
function stringsOf({ batch, n, layers, tokens, causal }: HiddenStates): [string, string][] {
  const whole = tokens !== null && tokens.length === batch && tokens.every(({ length }) => length === n);
  return [
    ...(whole ? [["tokens", JSON.stringify(tokens)] satisfies [string, string]] : []),
    ...(layers[0]?.layer === 1 ? [[FIRST_LAYER, "1"] satisfies [string, string]] : []),
    ...(causal === undefined ? [] : [["causal", String(causal)] satisfies [string, string]]),
  ];
}
