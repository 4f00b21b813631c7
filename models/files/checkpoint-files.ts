import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { readUtf8 } from "../arrays/read-utf8.ts";
import { TokensphereError } from "../errors.ts";
import { readConfigObject } from "./model-config.ts";

/** The files of a checkpoint on disk. */
export interface CheckpointFiles {
  readonly config: string;
  /** The file of weights, or the index of its shards; null where there is none: they can only be drawn afresh. */
  readonly weights: string | null;
}

export const WEIGHTS_FILE = "model.safetensors";
export const INDEX_FILE = "model.safetensors.index.json";

/**
 * The checkpoint in one of some folders: config.json with model.safetensors or model.safetensors.index.json; the first
 * with weights, else the first with a config. Nothing is read.
 */
export async function checkpointAmong(folders: readonly string[]): Promise<CheckpointFiles | null> {
  let bare: CheckpointFiles | null = null;
  for (const folder of folders) {
    const config = join(folder, "config.json");
    if (!(await isFile(config))) continue;
    const variants = await variantWeights(folder);
    for (const weights of [join(folder, WEIGHTS_FILE), join(folder, INDEX_FILE), ...variants]) {
      if (await isFile(weights)) return { config, weights };
    }
    bare ??= { config, weights: null };
  }
  return bare;
}

/** `model.fp16.safetensors` and the like, where there is one of them alone. */
async function variantWeights(folder: string): Promise<string[]> {
  const variant = soleVariant(await readdir(folder).catch(() => []));
  return variant === null ? [] : [join(folder, variant)];
}

/** The one file among names that is called like `model.fp16.safetensors`; null where there is none, or several. */
export function soleVariant(names: readonly string[]): string | null {
  const variants = names.filter((name) => /^model\.[\w-]+\.safetensors$/.test(name));
  return variants.length === 1 ? variants[0] : null;
}

export const ADAPTER_CONFIG = "adapter_config.json";

/** What to say of a folder that holds an adapter and no model; null where it does not. `shown`: what the folder is called. */
export async function adapterAlone(folder: string, shown = folder): Promise<TokensphereError | null> {
  const path = join(folder, ADAPTER_CONFIG);
  if (!(await isFile(path))) return null;
  const { base_model_name_or_path: base } = await readConfigObject(path);
  const of = typeof base === "string" && base !== "" ? base : "a model that it does not name";
  const remedy = "give that model, or merge the adapter into it (merge_and_unload in peft) and save the whole";
  return new TokensphereError("input", `an adapter, and no model: ${shown}: of ${of}. ${remedy}`);
}

/**
 * The checkpoint that a file names: a .safetensors file of weights, or an index of shards, with config.json beside it.
 *
 * @throws TokensphereError `input` where there is no config.json.
 */
export async function checkpointAt(path: string): Promise<CheckpointFiles> {
  const config = join(dirname(path), "config.json");
  if (await isFile(config)) return { config, weights: path };
  const remedy = "put the model's config.json beside it; states saved by PyTorch go to fit or probe";
  throw new TokensphereError("input", `checkpoint without config.json: ${path}. ${remedy}`);
}

/** What to say of a folder with neither usable weights nor an ONNX file; names weights of other formats. */
export async function noWeights(folder: string): Promise<TokensphereError> {
  const names = await readdir(folder).catch(() => []);
  const other = names.find((name) => /\.(bin|pt|pth|h5|msgpack|ckpt|gguf)$/.test(name));
  const what = other ? `${basename(other)} is no safetensors file` : `no ${WEIGHTS_FILE}`;
  const remedy = other
    ? "save the model as safetensors (save_pretrained does), or export it with `optimum-cli export onnx`"
    : "put it beside config.json, or draw weights afresh with a random-init seed";
  return new TokensphereError("input", `checkpoint without weights: ${folder}: ${what}. ${remedy}`);
}

/**
 * The safetensors files behind a file of weights: itself, or the shards that the index names.
 *
 * @throws TokensphereError `input` for an index that cannot be used, names files outside its folder, or a missing shard.
 */
export async function weightFiles(weights: string): Promise<string[]> {
  return weights.endsWith(".json") ? shardsOf(weights) : [weights];
}

async function shardsOf(index: string): Promise<string[]> {
  const map = await weightMap(index);
  const names = [...new Set(Object.values(map))].sort();
  const foreign = names.find((name) => typeof name !== "string" || name === "" || /[\\/]/.test(name) || name === "..");
  if (foreign !== undefined) {
    const remedy = "put the shards beside the index";
    throw new TokensphereError("input", `weights outside the checkpoint's folder: ${String(foreign)}. ${remedy}`);
  }
  const paths = names.map((name) => join(dirname(index), name as string));
  for (const path of paths) {
    if (await isFile(path)) continue;
    throw new TokensphereError("input", `a shard of the checkpoint is missing: ${path}. fetch it again`);
  }
  return paths;
}

async function weightMap(index: string): Promise<Record<string, unknown>> {
  try {
    const { weight_map: map } = JSON.parse(await readUtf8(index)) as { weight_map?: unknown };
    if (typeof map === "object" && map !== null && Object.keys(map).length > 0) return map as Record<string, unknown>;
  } catch (error) {
    if (error instanceof TokensphereError) throw error;
    // Else said below, with the path.
  }
  throw new TokensphereError("input", `index of shards cannot be used: ${index}: no weight_map. fetch it again`);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}
