import { lstat, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";
import { openBytes } from "../arrays/file-bytes.ts";
import { type HashedFile, hashFile } from "../arrays/hash-file.ts";
import { TokensphereError } from "../errors.ts";
import { tensorBytes } from "./check-graph.ts";
import type { ExternalData, RuntimeOptions } from "./create-session.ts";
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

/** Larger files are mapped rather than read: an array of Node 20 holds 4 GiB at most, and memory as much again would be needed. */
const MOST_READ = 2 ** 31 - 1;

/**
 * The weight files that lie beside a model, as a session takes them: read, or, where they are large, mapped where they lie. A
 * download cache links them under other names, by which the runtime does not find them: those are read, whatever their size.
 *
 * @param most bytes in all that are read at once.
 * @throws TokensphereError `input` for a path that leaves the model's folder (absolute, through `..` or a link), a file
 *   that is missing or shorter than the model needs, or one that is linked and larger than an array may be.
 */
export async function externalWeights(
  graph: OnnxGraph,
  modelPath: string,
  most = MOST_READ,
): Promise<Pick<RuntimeOptions, "externalData" | "externalFolder">> {
  const found = await placesBeside(graph, modelPath);
  const total = found.reduce((sum, { size }) => sum + size, 0);
  const folder = await realpath(dirname(modelPath));
  const inPlace = await Promise.all(
    found.map(async ({ path, full }) => (await realpath(full)) === join(folder, normalize(path))),
  );
  if (total > most && inPlace.every(Boolean)) return { externalFolder: folder };
  const externalData: ExternalData[] = [];
  for (const { path, full } of found) externalData.push({ path, data: await readWhole(full) });
  return { externalData };
}

async function readWhole(full: string): Promise<Uint8Array> {
  const file = await openBytes(full, "weight");
  try {
    return await file.read(0, file.size);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const what = `the model's weights are too large to be read through a link: ${full}: ${file.size} bytes`;
    throw new TokensphereError("input", `${what}. put model and weights into one folder, without links`, { cause });
  } finally {
    await file.close();
  }
}

/**
 * Hashes the weight files that lie beside a model, once their paths and lengths are checked.
 *
 * @throws TokensphereError `input` as `externalWeights` does.
 */
export async function hashExternalFiles(graph: OnnxGraph, modelPath: string): Promise<HashedFile[]> {
  const files: HashedFile[] = [];
  for (const { path, full } of await placesBeside(graph, modelPath)) {
    files.push({ ...(await hashFile(full)), name: path });
  }
  return files;
}

/** Where the weight files are and how many bytes they have, checked. */
async function placesBeside(graph: OnnxGraph, modelPath: string) {
  const places: { readonly path: string; readonly full: string; readonly size: number }[] = [];
  for (const path of externalPaths(graph)) {
    const full = await placeBeside(modelPath, path);
    const size = await sizeOf(full);
    checkLength(graph, path, size);
    places.push({ path, full, size });
  }
  return places;
}

async function sizeOf(full: string): Promise<number> {
  await stat(full).catch((error) => {
    throw missing(full, error);
  });
  const file = await openBytes(full, "weight"); // What is a pointer in its place is refused.
  await file.close();
  return file.size;
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
