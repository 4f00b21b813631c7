import type { ArrayEntry, ArrayFile } from "../arrays/array-file.ts";
import { TokensphereError } from "../errors.ts";
import type { LayerLabel } from "../stream/hidden-states.ts";
import { misspelledName } from "./misspelled-names.ts";
import { brokenLayerName, holdsBothHalves, type NamedStates, namedStates } from "./state-names.ts";

/** Where one layer of a batch begins: element `start` of an array. */
export interface LayerPlace {
  readonly layer: LayerLabel;
  readonly array: string;
  readonly start: number;
}

/** Where the states of one batch lie in a file. */
export interface StateLayout {
  /** What its names begin with: nothing, or `text.i.`. */
  readonly prefix: string;
  readonly batch: number;
  readonly n: number;
  readonly d: number;
  readonly layers: readonly LayerPlace[];
  /** Whether rows can be read one by one. */
  readonly inParts: boolean;
}

/** In the metadata of states that were written without an embedding: the number of their first layer. */
export const FIRST_LAYER = "first_layer";

const FLOATS = new Set(["float16", "bfloat16", "float32", "float64"]);

/**
 * Finds the batches of a file: `hidden_states.k` (or as other tools name them) `[batch, n, d]` or `[n, d]`, or one
 * array `[layers, batch, n, d]` or `[layers, n, d]`; each may stand behind `text.i.`.
 *
 * @throws TokensphereError `input` where there are none, a layer is missing, shapes differ, or the type is no float.
 */
export async function findStates(file: ArrayFile): Promise<StateLayout[]> {
  if (holdsBothHalves(file.names)) {
    throw badStates(file.path, "it holds states of an encoder and of a decoder", "save them in files of their own");
  }
  const texts = namedStates(file.names);
  if (texts.length === 0) throw noStates(file);
  const layouts: StateLayout[] = [];
  for (const text of texts) {
    layouts.push(text.stack === null ? await numbered(file, text) : await stacked(file, text.prefix, text.stack));
  }
  refuseMisspelled(file, texts, layouts);
  return layouts;
}

/** A name that is nearly that of a layer, a mask or a norm is none of something else. */
function refuseMisspelled(file: ArrayFile, texts: readonly NamedStates[], layouts: readonly StateLayout[]): void {
  const broken = brokenLayerName(file.names);
  if (broken !== null) {
    throw badStates(file.path, `${broken} begins as a layer's name and is none`, "write the file again, or rename it");
  }
  const wanted = texts.flatMap(({ prefix, stack, layers, name }) => [
    ...(stack === null ? [0, Math.max(...layers.keys()) + 1].map((layer) => `${prefix}${name(layer)}`) : []),
    ...["final_norm", "attention_mask", "special_tokens_mask", "tokens"].map((beside) => `${prefix}${beside}`),
  ]);
  const missing = wanted.filter((name) => !file.names.includes(name));
  const found = misspelledName(unreadNames(file.names, layouts), missing);
  if (found === null) return;
  throw badStates(file.path, `${printed(found.name)}: is ${found.meant} meant?`, "write the file again, or rename it");
}

/** A damaged name may hold what breaks a line. */
function printed(name: string): string {
  return name.replace(/\p{C}/gu, "�");
}

/** What is written beside states, by ourselves too. */
const BESIDE = /^(text\.\d+\.)?(attention_mask|special_tokens_mask|tokens|final_norm|(resid_mid|attentions)\.\d+)$/;

/** Arrays of a file that no layout reads. */
export function unreadNames(names: readonly string[], layouts: readonly StateLayout[]): string[] {
  const read = new Set(layouts.flatMap(({ layers }) => layers.map(({ array }) => array)));
  return names.filter((name) => !read.has(name) && !BESIDE.test(name));
}

/** Layers without gaps, from 0 or what {@link firstLayer} says, then the final norm. */
async function numbered(file: ArrayFile, text: NamedStates): Promise<StateLayout> {
  const { prefix, layers, name, finalNorm } = text;
  const places: LayerPlace[] = [];
  const first = firstLayer(file, text);
  for (let layer = first; layer < first + layers.size; layer++) {
    const array = layers.get(layer);
    if (array === undefined)
      throw badStates(file.path, `no tensor ${prefix}${name(layer)}`, `give every layer from ${first}`);
    places.push({ layer, array, start: 0 });
  }
  if (finalNorm !== null) places.push({ layer: "final_norm", array: finalNorm, start: 0 });
  const shape = await commonShape(file, places);
  const { inParts } = await file.entry(places[0].array);
  return { prefix, ...shape, layers: places, inParts };
}

/** 0, the embedding; 1 where it was left out and names, or the file's metadata, say that the rest lie behind blocks. */
function firstLayer({ metadata }: ArrayFile, { prefix, layers, behindBlocks }: NamedStates): number {
  const known = behindBlocks || metadata[`${prefix}${FIRST_LAYER}`] === "1";
  return known && !layers.has(0) ? 1 : 0;
}

async function commonShape(file: ArrayFile, places: readonly LayerPlace[]) {
  let first: readonly number[] | null = null;
  for (const { layer, array } of places) {
    const { shape } = await floatEntry(file, array);
    const three = shape.length === 2 ? [1, ...shape] : shape;
    if (three.length !== 3 || three.includes(0)) throw badShape(file.path, array, shape, "[batch, n, d] or [n, d]");
    if (first && three.some((dim, k) => dim !== first?.[k])) {
      const what = `${array} has shape [${shape}], layer ${places[0].layer} [${first}]`;
      throw badStates(file.path, what, layer === "final_norm" ? "leave it out" : "give equal shapes");
    }
    first ??= three;
  }
  const [batch, n, d] = first as readonly number[];
  return { batch, n, d };
}

async function stacked(file: ArrayFile, prefix: string, stack: string): Promise<StateLayout> {
  const { shape, inParts } = await floatEntry(file, stack);
  const four = shape.length === 3 ? [shape[0], 1, ...shape.slice(1)] : shape;
  if (four.length !== 4 || four.includes(0)) {
    throw badShape(file.path, stack, shape, "[layers, n, d] or [layers, batch, n, d]");
  }
  const [count, batch, n, d] = four;
  const layers = Array.from({ length: count }, (_, layer) => ({ layer, array: stack, start: layer * batch * n * d }));
  return { prefix, batch, n, d, layers, inParts };
}

async function floatEntry(file: ArrayFile, name: string): Promise<ArrayEntry> {
  const entry = await file.entry(name);
  if (FLOATS.has(entry.dtype)) return entry;
  const what = entry.dtype === "object" ? "an object array, a pickle, which is never read" : entry.dtype;
  throw badStates(file.path, `${name} is ${what}`, "give floating point of 16, 32 or 64 bits");
}

function badShape(path: string, name: string, shape: readonly number[], wanted: string): TokensphereError {
  return badStates(path, `${name} has shape [${shape.join(", ")}]`, `give ${wanted}`);
}

function noStates({ path, names }: ArrayFile): TokensphereError {
  const holds =
    names.length === 0 ? "it is empty" : `it holds ${names.slice(0, 4).join(", ")}${names.length > 4 ? ", …" : ""}`;
  const remedy = "name the layers hidden_states.0, hidden_states.1 …, or stack them as hidden_states";
  return badStates(path, `no tensor hidden_states.0: ${holds}`, remedy);
}

/** What every refusal of states reads like. */
export function badStates(path: string, what: string, remedy: string): TokensphereError {
  return new TokensphereError("input", `not usable as hidden states: ${path}: ${what}. ${remedy}`);
}
