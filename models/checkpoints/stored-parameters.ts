import { realpath } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { SafetensorsEntry } from "../arrays/safetensors-header.ts";
import { SAFETENSORS_TYPES } from "../arrays/safetensors-header.ts";
import { openSafetensors } from "../arrays/safetensors-reader.ts";
import { TokensphereError } from "../errors.ts";
import type { Architecture } from "./layers/architecture.ts";
import type { ParameterPlace, ParameterSource } from "./layers/parameter-source.ts";
import { prefixesOf, unwrappedName } from "./parameter-names.ts";

/** The parameters that lie in safetensors files, found by their headers alone. */
export interface StoredParameters extends ParameterSource {
  /** Folder that the places' paths are within, links resolved: a download cache links its files to where they are. */
  readonly folder: string;
  /** All names, as the architecture spells them, and those that were placed. */
  names(): { readonly all: readonly string[]; readonly read: ReadonlySet<string> };
}

/** How an architecture's names are spelt in files. */
export type Spelling = Pick<Architecture, "prefixes" | "tied">;

interface Stored extends SafetensorsEntry {
  readonly path: string;
  readonly dataStart: number;
}

/**
 * Reads the headers of a checkpoint's weights.
 *
 * @param spelling prefixes that a task head may put before the names, tried in order, and names of what is tied. Wrappers'
 *   own prefixes are taken off; where the whole model is a part of another, its prefix is found by the first parameter asked for.
 * @throws TokensphereError `input` for a damaged file, for shards that lie in different folders, two parameters of one name.
 */
export async function storedParameters(
  paths: readonly string[],
  { prefixes: usual, tied = {} }: Spelling,
): Promise<StoredParameters> {
  const tensors = new Map<string, Stored>();
  const folders = new Set<string>();
  for (const path of paths) {
    const real = await realpath(path);
    folders.add(dirname(real));
    const file = await openSafetensors(real);
    await file.close();
    for (const [name, entry] of file.tensors) {
      const bare = unwrappedName(name);
      if (tensors.has(bare)) throw twice(bare, path);
      tensors.set(bare, { ...entry, path: basename(real), dataStart: file.dataStart });
    }
  }
  if (folders.size > 1) throw scattered(paths[0]);
  const read = new Set<string>();
  let prefixes = usual;
  const search = (name: string): string | null => {
    const known = find(tensors, prefixes, name) ?? tiedName(tensors, tied[name]);
    if (known !== null || read.size > 0) return known;
    const within = prefixesOf(tensors.keys(), name);
    if (within.length > 1) throw several(paths[0], within);
    prefixes = [...usual, ...within];
    return find(tensors, prefixes, name);
  };
  return {
    folder: [...folders][0],
    names: () => {
      const bare = (name: string) => name.slice(longest(prefixes, name).length);
      return { all: [...tensors.keys()].map(bare), read: new Set([...read].map(bare)) };
    },
    place(name, dims) {
      const found = search(name);
      const stored = tensors.get(found ?? "");
      if (found === null || !stored) throw missing(paths[0], name, tensors);
      read.add(found);
      checkDims(name, stored.shape, dims);
      return placeOf(name, stored);
    },
  };
}

/** The longest prefix that a name has: the shorter ones may be its beginning. */
function longest(prefixes: readonly string[], name: string): string {
  return prefixes.filter((prefix) => name.startsWith(prefix)).sort((a, b) => b.length - a.length)[0] ?? "";
}

/** Where tied weights are kept once, they may be kept under the other name. */
function tiedName(tensors: ReadonlyMap<string, Stored>, others: readonly string[] = []): string | null {
  return others.find((name) => tensors.has(name)) ?? null;
}

/** The name of a parameter under any of the prefixes; the first BERT checkpoints call a norm's gain gamma and its shift beta. */
function find(tensors: ReadonlyMap<string, Stored>, prefixes: readonly string[], name: string): string | null {
  const old = name.replace(/\.weight$/, ".gamma").replace(/\.bias$/, ".beta");
  for (const spelling of [name, old]) {
    for (const prefix of prefixes) {
      if (tensors.has(prefix + spelling)) return prefix + spelling;
    }
  }
  return null;
}

function placeOf(name: string, { type, path, start, end, dataStart }: Stored): ParameterPlace {
  const { dtype } = SAFETENSORS_TYPES[type];
  if (dtype === "float32" || dtype === "float16" || dtype === "bfloat16") {
    return { type: dtype, path, offset: dataStart + start, length: end - start };
  }
  const remedy = "save the model in float32, float16 or bfloat16, or export it with `optimum-cli export onnx`";
  throw new TokensphereError("input", `parameter ${name} is ${dtype}: ${path}. ${remedy}`);
}

function checkDims(name: string, shape: readonly number[], dims: readonly number[]): void {
  if (shape.length === dims.length && shape.every((size, k) => size === dims[k])) return;
  const what = `parameter ${name} has shape [${shape.join(", ")}], config.json asks for [${dims.join(", ")}]`;
  throw new TokensphereError("input", `${what}. check that they belong together`);
}

function missing(path: string, name: string, tensors: ReadonlyMap<string, Stored>): TokensphereError {
  const some = [...tensors.keys()].slice(0, 3).join(", ");
  const what = `checkpoint has no parameter ${name}: ${path}`;
  return new TokensphereError("input", `${what}. it holds ${some}, …: check that config.json belongs to it`);
}

function several(path: string, prefixes: readonly string[]): TokensphereError {
  const what = `checkpoint holds ${prefixes.length} such models: ${path}: ${prefixes.slice(0, 4).join(" ")}`;
  return new TokensphereError("input", `${what}. save one of them alone, or export the whole to ONNX`);
}

function twice(name: string, path: string): TokensphereError {
  return new TokensphereError("input", `two parameters ${name}: ${path}. save the model without its wrapper`);
}

function scattered(path: string): TokensphereError {
  return new TokensphereError("input", `shards in different folders: ${path}. put them into one folder`);
}
