import { basename } from "node:path";
import type { ArrayFile } from "../arrays/array-file.ts";
import { asFloat32 } from "../arrays/as-float32.ts";
import { openArrays } from "../arrays/open-arrays.ts";
import { sizeOf } from "../arrays/raw-tensor.ts";
import type { HiddenStates, LayerStates } from "../stream/hidden-states.ts";
import { finiteStates } from "./check-states.ts";
import { maskFlags } from "./mask-flags.ts";
import { badStates, findStates, type LayerPlace, type StateLayout, unreadNames } from "./state-layout.ts";
import { readTokens } from "./stored-tokens.ts";

/** Rows of a batch of saved states, and which ones. */
export interface StoredStates {
  /** The number i of `text.i.`; null where the file has one batch. */
  readonly text: number | null;
  /** The first of the rows, and how many the batch has in all. */
  readonly row: number;
  readonly rows: number;
  readonly states: HiddenStates;
}

/**
 * Reads hidden states that were saved by PyTorch, NumPy or ourselves: see `findStates` for names and shapes. Beside them
 * may lie `attention_mask` and `special_tokens_mask` `[batch, n]` and `tokens`, strings of that shape, and in a safetensors file's
 * metadata `causal`, `true` or `false`. One batch after the other, so that no more than one need be held.
 *
 * @throws TokensphereError `input` where the file cannot be read as such.
 */
export async function* hiddenStatesOf(path: string): AsyncGenerator<HiddenStates, void, undefined> {
  for await (const { states } of storedStates(path, Number.POSITIVE_INFINITY)) yield states;
}

/** All batches of a file of hidden states: see `hiddenStatesOf`. */
export async function readHiddenStates(path: string): Promise<HiddenStates[]> {
  const batches: HiddenStates[] = [];
  for await (const states of hiddenStatesOf(path)) batches.push(states);
  return batches;
}

/**
 * The batches of a file, large ones in pieces of some rows where the file allows it.
 *
 * @param most bytes of float32 states that a piece may take; a single row is never cut.
 * @param warn told of arrays that lie beside the states and are not read.
 * @throws TokensphereError `input`, as `hiddenStatesOf`.
 */
export async function* storedStates(
  path: string,
  most: number,
  warn: (message: string) => void = () => undefined,
): AsyncGenerator<StoredStates, void, undefined> {
  const file = await openArrays(path);
  try {
    const layouts = await findStates(file);
    const unread = unreadNames(file.names, layouts);
    if (unread.length > 0) warn(`not read: ${listed(unread)} of ${basename(path)}`);
    for (const layout of layouts) {
      const { batch, layers, n, d, prefix } = layout;
      const beside = await readBeside(file, layout);
      const fitting = Math.max(1, Math.floor(most / (4 * layers.length * n * d)));
      const step = layout.inParts ? Math.min(batch, fitting) : batch;
      const text = prefix === "" ? null : Number(prefix.split(".")[1]);
      for (let row = 0; row < batch; row += step) {
        const states = await readRows(file, layout, beside, row, Math.min(step, batch - row));
        yield { text, row, rows: batch, states };
      }
    }
  } finally {
    await file.close();
  }
}

/** What lies beside the states of one batch, for all of its rows. */
type Beside = Pick<HiddenStates, "mask" | "special" | "tokens" | "causal">;

async function readBeside(file: ArrayFile, layout: StateLayout): Promise<Beside> {
  const { prefix, batch, n } = layout;
  const mask = await readFlags(file, `${prefix}attention_mask`, layout);
  if (mask === null) await refuseOtherMask(file, layout);
  else requireCounted(file.path, mask, n);
  return {
    mask: mask ?? new Uint8Array(batch * n).fill(1),
    special: await readFlags(file, `${prefix}special_tokens_mask`, layout),
    tokens: await readTokens(file, `${prefix}tokens`, batch, n),
    ...readCausal(file, `${prefix}causal`),
  };
}

/** Whether tokens saw only what comes before them, where the file's metadata says so. */
function readCausal({ metadata, path }: ArrayFile, name: string): Pick<HiddenStates, "causal"> {
  if (!Object.hasOwn(metadata, name)) return {};
  const said = metadata[name];
  if (said !== "true" && said !== "false")
    throw badStates(path, `${name} in its metadata is ${said}`, "give true or false");
  return { causal: said === "true" };
}

async function readRows(
  file: ArrayFile,
  layout: StateLayout,
  beside: Beside,
  row: number,
  count: number,
): Promise<HiddenStates> {
  const { n, d } = layout;
  const part = [row * n, (row + count) * n] as const;
  const mask = beside.mask.slice(...part);
  const layers: LayerStates[] = [];
  for (const place of layout.layers) {
    layers.push({ layer: place.layer, x: await readLayer(file, place, row * n * d, mask, d) });
  }
  const special = beside.special?.slice(...part) ?? null;
  const { causal } = beside;
  const tokens = beside.tokens?.slice(row, row + count) ?? null;
  return { batch: count, n, d, layers, mask, special, tokens, ...(causal === undefined ? {} : { causal }) };
}

/** Layer entries from `start` on, as many as the mask has positions. */
async function readLayer(
  file: ArrayFile,
  place: LayerPlace,
  start: number,
  mask: Uint8Array,
  d: number,
): Promise<Float32Array> {
  const stored = await file.read(place.array, place.start + start, mask.length * d);
  const x = asFloat32(stored) as Float32Array;
  const finite = finiteStates(x, mask, d);
  if (finite !== null) return finite;
  const at = x.findIndex((value, i) => !Number.isFinite(value) && mask[Math.floor(i / d)] !== 0);
  const what =
    place.layer === "final_norm" || /\d$/.test(place.array) ? place.array : `${place.array}, layer ${place.layer}`;
  if (stored.dtype === "float64" && Number.isFinite(stored.data[at])) {
    throw badStates(file.path, `${what} holds ${stored.data[at]}, beyond float32`, "scale the states down");
  }
  const remedy = file.names.some((name) => name.endsWith("attention_mask"))
    ? "check what wrote it"
    : "check what wrote it; where it is padding, save the attention_mask beside";
  throw badStates(file.path, `${what} is not finite: ${x[at]} among its states`, remedy);
}

/** Flags of all positions of a batch; null where there are none. */
async function readFlags(file: ArrayFile, name: string, { batch, n }: StateLayout): Promise<Uint8Array | null> {
  if (!file.names.includes(name)) return null;
  const { shape, dtype } = await file.entry(name);
  if (sizeOf(shape) !== batch * n || shape[shape.length - 1] !== n) {
    throw badStates(file.path, `${name} has shape [${shape.join(", ")}]`, `give [batch, n] = [${batch}, ${n}]`);
  }
  if (/string|bytes|object/.test(dtype)) throw badStates(file.path, `${name} is ${dtype}`, "give 0 and 1");
  const flags = maskFlags(await file.read(name, 0, batch * n));
  if (flags instanceof Uint8Array) return flags;
  throw badStates(file.path, `${name} ${flags.what}`, flags.remedy);
}

/** A mask under a name that is not read would leave padding among the tokens. */
async function refuseOtherMask(file: ArrayFile, { prefix, batch, n }: StateLayout): Promise<void> {
  for (const name of file.names) {
    if (!/mask/i.test(name) || name === `${prefix}special_tokens_mask`) continue;
    const { shape } = await file.entry(name);
    if (sizeOf(shape) !== batch * n || shape[shape.length - 1] !== n) continue;
    const remedy = /pad/i.test(name)
      ? `save attention_mask, 1 where a position counts: 1 - ${name} where that is 1 at padding, as in PyTorch`
      : "rename it attention_mask if 1 says that a position counts";
    throw badStates(file.path, `${name} lies beside the states and no attention_mask`, `${remedy}; or leave it out`);
  }
}

function requireCounted(path: string, mask: Uint8Array, n: number): void {
  const all = mask.includes(1);
  for (let row = 0; row * n < mask.length; row++) {
    if (mask.subarray(row * n, (row + 1) * n).includes(1)) continue;
    const remedy = all ? "keep at least one" : "leave it out if 0 says that all count: 1 says so here";
    throw badStates(path, `attention_mask counts no position of row ${row}`, remedy);
  }
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, 4).join(", ")}${names.length > 4 ? ` and ${names.length - 4} more` : ""}`;
}
