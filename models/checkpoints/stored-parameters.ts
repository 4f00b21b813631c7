import { realpath } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { SafetensorsEntry } from "../arrays/safetensors-header.ts";
import { SAFETENSORS_TYPES } from "../arrays/safetensors-header.ts";
import { openSafetensors } from "../arrays/safetensors-reader.ts";
import { TokensphereError } from "../errors.ts";
import type { ParameterPlace, ParameterSource } from "./layers/parameter-source.ts";

/** The parameters that lie in safetensors files, found by their headers alone. */
export interface StoredParameters extends ParameterSource {
  /** Folder that the places' paths are within, links resolved: a download cache links its files to where they are. */
  readonly folder: string;
}

interface Stored extends SafetensorsEntry {
  readonly path: string;
  readonly dataStart: number;
}

/**
 * Reads the headers of a checkpoint's weights.
 *
 * @param prefixes what a task head may put before the names, tried in order.
 * @throws TokensphereError `input` for a damaged file, and for shards that lie in different folders.
 */
export async function storedParameters(
  paths: readonly string[],
  prefixes: readonly string[],
): Promise<StoredParameters> {
  const tensors = new Map<string, Stored>();
  const folders = new Set<string>();
  for (const path of paths) {
    const real = await realpath(path);
    folders.add(dirname(real));
    const file = await openSafetensors(real);
    await file.close();
    for (const [name, entry] of file.tensors) {
      tensors.set(name, { ...entry, path: basename(real), dataStart: file.dataStart });
    }
  }
  if (folders.size > 1) throw scattered(paths[0]);
  return {
    folder: [...folders][0],
    place(name, dims) {
      const stored = find(tensors, prefixes, name);
      if (!stored) throw missing(paths[0], name, tensors);
      checkDims(name, stored.shape, dims);
      return placeOf(name, stored);
    },
  };
}

/** A parameter under any of the prefixes; the first BERT checkpoints call a norm's gain gamma and its shift beta. */
function find(tensors: ReadonlyMap<string, Stored>, prefixes: readonly string[], name: string): Stored | null {
  const old = name.replace(/\.weight$/, ".gamma").replace(/\.bias$/, ".beta");
  for (const spelling of [name, old]) {
    for (const prefix of prefixes) {
      const stored = tensors.get(prefix + spelling);
      if (stored) return stored;
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

function scattered(path: string): TokensphereError {
  return new TokensphereError("input", `shards in different folders: ${path}. put them into one folder`);
}
