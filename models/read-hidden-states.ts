import { TokensphereError } from "./errors.ts";
import type { HiddenStates, LayerLabel, LayerStates } from "./hidden-states.ts";
import { openSafetensors, readFloats, readTensor, type SafetensorsFile } from "./safetensors-reader.ts";

/**
 * Reads hidden states from any safetensors file with `hidden_states.k` (or `text.i.hidden_states.k`), `[batch, n, d]`
 * or `[n, d]`, of any float type: our own, or saved from PyTorch. One batch after the other, so that no more than one
 * need be held.
 *
 * @throws TokensphereError `input` where the file cannot be read as such.
 */
export async function* hiddenStatesOf(path: string): AsyncGenerator<HiddenStates, void, undefined> {
  const file = await openSafetensors(path);
  try {
    const prefixes = batchPrefixes(file);
    if (prefixes.length === 0)
      throw bad(path, "no tensor hidden_states.0", "give states as probe --save-states writes them");
    for (const prefix of prefixes) yield await readBatch(file, prefix);
  } finally {
    await file.close();
  }
}

/** All batches of a file of hidden states: see `hiddenStatesOf`. */
export async function readHiddenStates(path: string): Promise<HiddenStates[]> {
  const batches: HiddenStates[] = [];
  for await (const states of hiddenStatesOf(path)) batches.push(states);
  return batches;
}

/** What stands before `hidden_states.0`: nothing, or `text.i.` in the order of i. */
function batchPrefixes({ tensors }: SafetensorsFile): string[] {
  const found = new Map<string, number>();
  for (const name of tensors.keys()) {
    const match = /^(text\.(\d+)\.)?hidden_states\.\d+$/.exec(name);
    if (match) found.set(match[1] ?? "", match[2] === undefined ? -1 : Number(match[2]));
  }
  return [...found].sort(([, a], [, b]) => a - b).map(([prefix]) => prefix);
}

async function readBatch(file: SafetensorsFile, prefix: string): Promise<HiddenStates> {
  const layers: LayerStates[] = [];
  let size: readonly number[] | null = null;
  for (const [layer, name] of layerNames(file, prefix)) {
    const { shape, x } = await readFloats(file, name);
    const three = shape.length === 2 ? [1, ...shape] : shape;
    if (three.length !== 3 || three.includes(0))
      throw bad(file.path, `${name} has shape [${shape}]`, "give [batch, n, d] or [n, d]");
    if (size && three.some((dim, k) => dim !== size?.[k]))
      throw bad(file.path, `${name} has shape [${shape}], layer 0 [${size}]`, "give equal shapes");
    if (!x.every(Number.isFinite)) throw bad(file.path, `${name} is not finite`, "check what wrote it");
    size = three;
    layers.push({ layer, x });
  }
  const [batch, n, d] = size ?? [0, 0, 0];
  const mask = (await readFlags(file, `${prefix}attention_mask`, batch * n)) ?? new Uint8Array(batch * n).fill(1);
  const special = await readFlags(file, `${prefix}special_tokens_mask`, batch * n);
  return { batch, n, d, layers, mask, special, tokens: null };
}

/** Layers 0 … L without gaps, then the final norm. */
function layerNames(file: SafetensorsFile, prefix: string): [LayerLabel, string][] {
  const count = [...file.tensors.keys()].filter((name) => name.startsWith(`${prefix}hidden_states.`)).length;
  const names: [LayerLabel, string][] = [];
  for (let k = 0; k < count; k++) {
    const name = `${prefix}hidden_states.${k}`;
    if (!file.tensors.has(name)) throw bad(file.path, `no tensor ${name}`, "give every layer from 0");
    names.push([k, name]);
  }
  const norm = `${prefix}final_norm`;
  return file.tensors.has(norm) ? [...names, ["final_norm", norm]] : names;
}

/** `[batch, n]` flags of any whole type, null where there are none. */
async function readFlags(file: SafetensorsFile, name: string, size: number): Promise<Uint8Array | null> {
  if (!file.tensors.has(name)) return null;
  const { data, shape } = await readTensor(file, name);
  if (data.length !== size) throw bad(file.path, `${name} has shape [${shape}]`, "give one flag a position");
  return Uint8Array.from(data as ArrayLike<number>, (value) => (Number(value) === 0 ? 0 : 1));
}

function bad(path: string, what: string, remedy: string): TokensphereError {
  return new TokensphereError("input", `not usable as hidden states: ${path}: ${what}. ${remedy}`);
}
