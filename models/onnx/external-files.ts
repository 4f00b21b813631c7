import { lstat, readFile, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";
import { type HashedFile, hashFile } from "../arrays/hash-file.ts";
import { TokensphereError } from "../errors.ts";
import { tensorBytes } from "./check-graph.ts";
import type { ExternalData } from "./create-session.ts";
import type { OnnxGraph } from "./graph.ts";

/** Paths of the weight files that a model names, each once. */
function externalPaths(graph: OnnxGraph): string[] {
  const constants = graph.nodes.flatMap(({ attributes }) =>
    [...attributes.values()].flatMap(({ tensor }) => tensor ?? []),
  );
  const tensors = [...graph.initializers.values(), ...constants];
  const paths = tensors.flatMap(({ location }) => (location.kind === "external" ? [location.path] : []));
  return [...new Set(paths)];
}

/**
 * Reads the weight files that lie beside a model.
 *
 * @throws TokensphereError `input` for a path that leaves the model's folder (absolute, through `..` or a link), or a
 *   file that is missing or shorter than the model needs.
 */
export async function readExternalFiles(graph: OnnxGraph, modelPath: string): Promise<ExternalData[]> {
  const files: ExternalData[] = [];
  for (const path of externalPaths(graph)) {
    const data = new Uint8Array(await readBeside(modelPath, path));
    checkLength(graph, path, data.length);
    files.push({ path, data });
  }
  return files;
}

/**
 * Hashes the weight files that lie beside a model, once their paths and lengths are checked.
 *
 * @throws TokensphereError `input` as `readExternalFiles` does.
 */
export async function hashExternalFiles(graph: OnnxGraph, modelPath: string): Promise<HashedFile[]> {
  const files: HashedFile[] = [];
  for (const path of externalPaths(graph)) {
    const full = await placeBeside(modelPath, path);
    const { size } = await stat(full).catch((error) => {
      throw missing(full, error);
    });
    checkLength(graph, path, size);
    files.push({ ...(await hashFile(full)), name: path });
  }
  return files;
}

async function readBeside(modelPath: string, path: string): Promise<Uint8Array> {
  const full = await placeBeside(modelPath, path);
  return readFile(full).catch((error) => {
    throw missing(full, error);
  });
}

async function placeBeside(modelPath: string, path: string): Promise<string> {
  const clean = normalize(path);
  if (path === "" || path.includes("\0") || isAbsolute(path) || clean.split(/[\\/]/).includes(".."))
    throw escapes(path);
  const full = join(dirname(modelPath), clean);
  await refuseForeignLink(modelPath, full, path);
  return full;
}

function missing(full: string, cause: unknown): TokensphereError {
  const what = `the model's weights are missing: ${full}`;
  return new TokensphereError("input", `${what}. put that file beside the model`, { cause });
}

/** A link may lead only to where the model itself lies: a download cache links both to one folder. */
async function refuseForeignLink(modelPath: string, full: string, path: string): Promise<void> {
  const real = await realpath(full).catch(() => null);
  if (real === null) return;
  const homes = [await realpath(dirname(modelPath)), dirname(await realpath(modelPath))];
  if (!homes.some((home) => real.startsWith(home + sep))) throw escapes(path);
  if ((await lstat(real)).isDirectory()) throw escapes(path);
}

function checkLength(graph: OnnxGraph, path: string, size: number): void {
  for (const tensor of graph.initializers.values()) {
    const { name, location } = tensor;
    if (location.kind !== "external" || location.path !== path) continue;
    if (location.offset + (location.length ?? tensorBytes(tensor) ?? 0) <= size) continue;
    throw new TokensphereError(
      "input",
      `the model's weights are truncated: ${path} ends before ${name}. fetch it again`,
    );
  }
}

function escapes(path: string): TokensphereError {
  return new TokensphereError("input", `weights outside the model's folder: ${path}. put the file beside the model`);
}
