import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, resolve } from "node:path";
import { option, TokensphereError } from "../errors.ts";
import { adapterAlone, type CheckpointFiles, checkpointAmong, checkpointAt, noWeights } from "./checkpoint-files.ts";

/** The files of a model on disk; null where there is none. */
export interface ModelFiles {
  readonly onnx: string | null;
  /** config.json and weights from which a graph can be written. */
  readonly checkpoint: CheckpointFiles | null;
  readonly config: string | null;
  /** Folder of tokenizer.json. */
  readonly tokenizer: string | null;
  /** The commit, where the files come from the hub. */
  readonly commit?: string;
}

/** Precisions by the usual ends of file names. */
export const DTYPE_SUFFIXES = {
  fp32: "",
  fp16: "_fp16",
  q8: "_quantized",
  int8: "_int8",
  uint8: "_uint8",
  q4: "_q4",
  q4f16: "_q4f16",
  bnb4: "_bnb4",
} as const;

/** Which of a model's files to take. */
export type Dtype = keyof typeof DTYPE_SUFFIXES;

/** What a reference names: a file, a folder, or a model on the hub. */
export type ReferenceKind = "file" | "folder" | "hub";

const READ_EXTENSIONS = new Set([".onnx", ".safetensors", ".json", ".npy", ".pt", ".bin"]);

/**
 * Decides what a reference names. What exists on disk is that; a name with an extension that is read, or written as a
 * path, is a file; `owner/name` is a model on the hub.
 *
 * @param revision - Of the hub: files of this machine have none, and what was asked for would not be what is read.
 * @throws TokensphereError `input` for a path that does not exist, `usage` for an empty reference, and for the revision of a path.
 */
export async function referenceKind(reference: string, revision?: string): Promise<ReferenceKind> {
  if (typeof reference !== "string") {
    throw new TokensphereError("usage", `no model name: ${typeof reference}. give a hub id, a folder or a .onnx file`);
  }
  if (reference === "")
    throw new TokensphereError("usage", "empty model name. give a hub id, a folder or a .onnx file");
  const found = await stat(reference).catch(() => null);
  if (found && revision !== undefined)
    throw new TokensphereError("usage", `revision: ${reference} is not of the hub. leave it out`);
  if (found) return found.isDirectory() ? "folder" : "file";
  if (isHubId(reference)) return "hub";
  const id = hubIdWithin(reference);
  const remedy = id === null ? "check the path" : `check the path; for the model of the hub give ${id}`;
  throw new TokensphereError("input", `no such file or folder: ${reference}. ${remedy}`);
}

/** The model that an address of the hub, or a name written as a path, means; null where none is. */
function hubIdWithin(reference: string): string | null {
  const path = reference.replace(/^(https?:\/\/)?(www\.)?(huggingface\.co|hf\.co)\/+/, "");
  const id = path.split(/\/+/).filter(Boolean).slice(0, 2).join("/");
  const whole = path !== reference || /^[^/]+\/+[^/]+\/*$/.test(reference);
  return whole && !isAbsolute(reference) && isHubId(id) ? id : null;
}

/** `owner/name` or `name`, of the characters that the hub allows, without `..`. */
export function isHubId(reference: string): boolean {
  if (isAbsolute(reference) || reference.startsWith(".") || READ_EXTENSIONS.has(extname(reference))) return false;
  return /^[\w][\w.-]*(\/[\w][\w.-]*)?$/.test(reference) && !reference.includes("..") && !reference.includes("--");
}

/** Paths where a model file of a precision may lie within a model's folder, the likeliest first. */
export function onnxCandidates(dtype: Dtype): string[] {
  const suffix = DTYPE_SUFFIXES[dtype];
  const stems = ["model", "encoder_model", "decoder_model"].map((stem) => `${stem}${suffix}.onnx`);
  return stems.flatMap((name) => [`onnx/${name}`, name]);
}

/**
 * The model file among a folder's paths. Where fp32 is asked for and there is only one .onnx file, that one.
 *
 * @returns null where there is none.
 */
export function chooseOnnx(paths: readonly string[], dtype: Dtype): string | null {
  const usual = onnxCandidates(dtype).find((name) => paths.includes(name));
  if (usual) return usual;
  const all = paths.filter((name) => name.endsWith(".onnx"));
  return dtype === "fp32" && all.length === 1 ? all[0] : null;
}

/**
 * The files of a model given as one of them: a .onnx file with config and tokenizer beside it, or above its `onnx/`
 * folder; a .safetensors file or an index of shards with its config.json.
 */
export async function filesBeside(path: string): Promise<ModelFiles> {
  const file = resolve(path);
  const folder = dirname(file);
  const homes = basename(folder) === "onnx" ? [folder, dirname(folder)] : [folder];
  const found = await companions(homes);
  if (isWeights(file)) return { onnx: null, checkpoint: await checkpointAt(file), ...found };
  return { onnx: file, checkpoint: await checkpointAmong(homes), ...found };
}

function isWeights(path: string): boolean {
  return path.endsWith(".safetensors") || path.endsWith(".safetensors.index.json");
}

/** Where older sentence-transformers keep the transformer within the model's folder. */
export const SENTENCE_PART = "0_Transformer";

/**
 * @param freshWeights whether config.json alone will do.
 * @throws TokensphereError `input` where the folder holds neither a .onnx file of that precision nor, for fp32, a
 *   checkpoint; says what it holds.
 */
export async function filesInFolder(folder: string, dtype: Dtype, freshWeights = false): Promise<ModelFiles> {
  const home = resolve(folder);
  const paths = [...(await listOnnx(home, "")), ...(await listOnnx(home, "onnx/"))];
  const chosen = chooseOnnx(paths, dtype);
  const onnx = chosen === null ? null : join(home, chosen);
  const homes = onnx === null ? [home, join(home, SENTENCE_PART)] : [dirname(onnx), home];
  const found = await companions(homes);
  const checkpoint = await checkpointAmong(homes);
  const enough = checkpoint !== null && (checkpoint.weights !== null || freshWeights);
  if (onnx === null && !(enough && dtype === "fp32")) {
    const adapter = await adapterAlone(home);
    if (adapter !== null) throw adapter;
    throw paths.length === 0 && checkpoint !== null && !enough
      ? await noWeights(folder)
      : noModelFile("input", folder, dtype, paths);
  }
  return { onnx, checkpoint, ...found };
}

/** What to say of a folder or repository without the file asked for. */
export function noModelFile(
  kind: "input" | "environment",
  where: string,
  dtype: Dtype,
  paths: readonly string[],
): TokensphereError {
  const onnx = paths.filter((name) => name.endsWith(".onnx"));
  const remedy =
    onnx.length > 0
      ? `it holds ${onnx.slice(0, 6).join(", ")}: give one of them, or another ${option("dtype")}`
      : "convert the model with `optimum-cli export onnx`, or give another one";
  return new TokensphereError(kind, `no ${dtype} ONNX file: ${where}. ${remedy}`);
}

async function companions(homes: readonly string[]): Promise<Pick<ModelFiles, "config" | "tokenizer">> {
  const config = await firstFile(homes.map((home) => join(home, "config.json")));
  const tokenizer = await firstFile(homes.map((home) => join(home, "tokenizer.json")));
  return { config, tokenizer: tokenizer === null ? null : dirname(tokenizer) };
}

async function firstFile(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if ((await stat(path).catch(() => null))?.isFile()) return path;
  return null;
}

async function listOnnx(home: string, prefix: string): Promise<string[]> {
  const names = await readdir(join(home, prefix)).catch(() => []);
  return names
    .filter((name) => name.endsWith(".onnx"))
    .map((name) => `${prefix}${name}`)
    .sort();
}
