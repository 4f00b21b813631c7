import type { ArrayFile } from "../arrays/array-file.ts";
import { asFloat32 } from "../arrays/as-float32.ts";
import { openArrays } from "../arrays/open-arrays.ts";
import type { HiddenStates, LayerStates } from "../stream/hidden-states.ts";
import { badStates, findStates, type LayerPlace, type StateLayout } from "./state-layout.ts";
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
 * may lie `attention_mask` and `special_tokens_mask` `[batch, n]` and `tokens`, strings of that shape. One batch after
 * the other, so that no more than one need be held.
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
 * @throws TokensphereError `input`, as `hiddenStatesOf`.
 */
export async function* storedStates(path: string, most: number): AsyncGenerator<StoredStates, void, undefined> {
  const file = await openArrays(path);
  try {
    for (const layout of await findStates(file)) {
      const { batch, layers, n, d, prefix } = layout;
      const fitting = Math.max(1, Math.floor(most / (4 * layers.length * n * d)));
      const step = layout.inParts ? Math.min(batch, fitting) : batch;
      const text = prefix === "" ? null : Number(prefix.split(".")[1]);
      for (let row = 0; row < batch; row += step) {
        const states = await readRows(file, layout, row, Math.min(step, batch - row));
        yield { text, row, rows: batch, states };
      }
    }
  } finally {
    await file.close();
  }
}

async function readRows(file: ArrayFile, layout: StateLayout, row: number, count: number): Promise<HiddenStates> {
  const { prefix, n, d } = layout;
  const layers: LayerStates[] = [];
  for (const place of layout.layers)
    layers.push({ layer: place.layer, x: await readLayer(file, place, row * n * d, count * n * d) });
  const part = [row * n, count * n] as const;
  const mask = (await readFlags(file, `${prefix}attention_mask`, layout, ...part)) ?? new Uint8Array(count * n).fill(1);
  requireCounted(file.path, mask, n, row);
  const special = await readFlags(file, `${prefix}special_tokens_mask`, layout, ...part);
  const tokens = await readTokens(file, `${prefix}tokens`, layout.batch, n);
  return { batch: count, n, d, layers, mask, special, tokens: tokens?.slice(row, row + count) ?? null };
}

async function readLayer(file: ArrayFile, place: LayerPlace, start: number, count: number): Promise<Float32Array> {
  const stored = await file.read(place.array, place.start + start, count);
  const x = asFloat32(stored) as Float32Array;
  const at = x.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return x;
  const what =
    place.layer === "final_norm" || /\d$/.test(place.array) ? place.array : `${place.array}, layer ${place.layer}`;
  if (stored.dtype === "float64" && Number.isFinite(stored.data[at])) {
    throw badStates(file.path, `${what} holds ${stored.data[at]}, beyond float32`, "scale the states down");
  }
  throw badStates(file.path, `${what} is not finite: ${x[at]} among its states`, "check what wrote it");
}

/** Flags of the positions `[start, start + count)` of a batch, of any type of number; null where there are none. */
async function readFlags(
  file: ArrayFile,
  name: string,
  { batch, n }: StateLayout,
  start: number,
  count: number,
): Promise<Uint8Array | null> {
  if (!file.names.includes(name)) return null;
  const { shape, dtype } = await file.entry(name);
  const fits = shape.reduce((a, b) => a * b, 1) === batch * n && shape[shape.length - 1] === n;
  if (!fits)
    throw badStates(file.path, `${name} has shape [${shape.join(", ")}]`, `give [batch, n] = [${batch}, ${n}]`);
  if (/string|bytes|object/.test(dtype)) throw badStates(file.path, `${name} is ${dtype}`, "give 0 and 1");
  const { data } = await file.read(name, start, count);
  return Uint8Array.from(data as ArrayLike<number | bigint>, (value) => (Number(value) === 0 ? 0 : 1));
}

function requireCounted(path: string, mask: Uint8Array, n: number, firstRow: number): void {
  for (let row = 0; row * n < mask.length; row++) {
    if (mask.subarray(row * n, (row + 1) * n).includes(1)) continue;
    throw badStates(path, `attention_mask counts no position of row ${firstRow + row}`, "keep at least one");
  }
}
