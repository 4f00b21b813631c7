import { lstat, readFile, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";
import { TokensphereError } from "./errors.ts";
import type { OnnxGraph } from "./onnx-graph.ts";
import type { ExternalData } from "./session.ts";

/** Paths of the weight files that a model names, each once. */
export function externalPaths(graph: OnnxGraph): string[] {
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

async function readBeside(modelPath: string, path: string): Promise<Uint8Array> {
  const clean = normalize(path);
  if (path === "" || isAbsolute(path) || clean.split(/[\\/]/).includes("..")) throw escapes(path);
  const full = join(dirname(modelPath), clean);
  await refuseForeignLink(modelPath, full, path);
  try {
    return await readFile(full);
  } catch (error) {
    const what = `the model's weights are missing: ${full}`;
    throw new TokensphereError("input", `${what}. put that file beside the model`, { cause: error });
  }
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
  for (const { name, location } of graph.initializers.values()) {
    if (location.kind !== "external" || location.path !== path) continue;
    if (location.offset + (location.length ?? 0) <= size) continue;
    throw new TokensphereError(
      "input",
      `the model's weights are truncated: ${path} ends before ${name}. fetch it again`,
    );
  }
}

function escapes(path: string): TokensphereError {
  return new TokensphereError("input", `weights outside the model's folder: ${path}. put the file beside the model`);
}
