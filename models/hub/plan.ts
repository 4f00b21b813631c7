import { option, TokensphereError } from "../errors.ts";
import { INDEX_FILE, soleVariant, WEIGHTS_FILE } from "../files/checkpoint-files.ts";
import { chooseOnnx, type Dtype, noModelFile, onnxCandidates, SENTENCE_PART } from "../files/model-files.ts";

/** What is wanted of a repository. */
export interface Wanted {
  readonly dtype: Dtype;
  /** The override that an ONNX file cannot serve. */
  readonly need: "heads" | "random-init" | null;
}

/** The files of a repository that a model is read from. */
export interface HubPlan {
  readonly source: "onnx" | "checkpoint";
  /** The file that names the model: .onnx, weights, index of shards; config.json where weights are drawn afresh. */
  readonly main: string;
  /** The folder of a checkpoint within the repository, with a slash at its end; empty: the repository itself. */
  readonly home: string;
  /** All files of the model, `main` the last: where it lies, the rest does. Shards are known once the index is read. */
  readonly files: readonly string[];
  /** Why it is this one, in words. */
  readonly why: string;
}

/**
 * Chooses what to read among a repository's paths: its ONNX file of the precision, unless an override needs the
 * checkpoint; for fp32 the checkpoint where there is no ONNX file.
 *
 * @param where the paths lie, for the reason.
 * @returns null where there is nothing that can be read.
 */
export function planFiles(
  paths: readonly string[],
  { dtype, need }: Wanted,
  where: "the hub" | "the cache",
): HubPlan | null {
  const onnx = need === null ? chooseOnnx(onnxPaths(paths), dtype) : null;
  if (onnx !== null) {
    const stem = onnx.replace(/\.onnx$/, "");
    const data = paths.filter((path) => path.startsWith(`${onnx}_data`) || path === `${stem}.data`);
    return { source: "onnx", main: onnx, home: "", files: [...data, onnx], why: whyOnnx(onnx, dtype) };
  }
  if (dtype !== "fp32") return null;
  const why = need === null ? `${where} has no fp32 ONNX file` : `${need} needs the checkpoint`;
  for (const home of ["", `${SENTENCE_PART}/`]) {
    const names = paths.flatMap((path) => (path.startsWith(home) ? [path.slice(home.length)] : []));
    const file = need === "random-init" ? "config.json" : weightsAmong(names);
    if (file === null || !names.includes("config.json")) continue;
    const main = `${home}${file}`;
    return { source: "checkpoint", main, home, files: [...new Set([`${home}config.json`, main])], why };
  }
  return null;
}

function weightsAmong(names: readonly string[]): string | null {
  return [WEIGHTS_FILE, INDEX_FILE].find((name) => names.includes(name)) ?? soleVariant(names);
}

function whyOnnx(path: string, dtype: Dtype): string {
  return onnxCandidates(dtype).includes(path) ? `its ${dtype} ONNX file` : "its only ONNX file";
}

/** Those where a model's ONNX file may lie. */
function onnxPaths(paths: readonly string[]): string[] {
  return paths.filter((path) => /^(onnx\/)?[^/]+\.onnx$/.test(path));
}

/** What to say of a repository that holds nothing to read; names what it holds and what would work instead. */
export function unusable(id: string, paths: readonly string[], { dtype, need }: Wanted): TokensphereError {
  const fail = (what: string, remedy: string) => new TokensphereError("input", `${what}. ${remedy}`);
  if (need !== null && dtype !== "fp32") {
    return fail(
      `dtype ${dtype}: ${need} needs the checkpoint, which is computed in float32`,
      `leave out ${option("dtype")}`,
    );
  }
  const onnx = onnxPaths(paths);
  if (need === null && onnx.length > 0) return noModelFile("input", id, dtype, onnx);
  const weights = paths.filter((path) => /^[^/]+\.(bin|pt|pth|h5|msgpack|ckpt|gguf|safetensors)$/.test(path));
  const holds = weights.length > 0 ? `it holds ${weights.slice(0, 4).join(", ")}` : "it holds no weights";
  const what = need === null ? `no ${dtype} ONNX file` : `${need} needs config.json and ${WEIGHTS_FILE}`;
  if (need === null && paths.includes(WEIGHTS_FILE) && paths.includes("config.json")) {
    return fail(
      `${what}: ${id}: ${holds}, which is computed in float32`,
      `leave out ${option("dtype")}, or convert it yourself`,
    );
  }
  const also = need === null && dtype === "fp32" ? ` and no checkpoint (config.json with ${WEIGHTS_FILE})` : "";
  const remedy = `\`optimum-cli export onnx --model ${id} OUT\`, then give OUT`;
  return fail(`${what}${also}: ${id}: ${holds}`, need === null ? remedy : `leave out ${need}, or give another model`);
}
