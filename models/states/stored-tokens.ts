import type { ArrayFile } from "../arrays/array-file.ts";
import { badStates } from "./state-layout.ts";

/**
 * The tokens that lie beside states: an array of strings or of ids `[batch, n]` or `[n]`, or a safetensors file's
 * metadata under the same name, a JSON list of such a shape. Ids become their digits.
 *
 * @returns one list a row; null where there are none.
 * @throws TokensphereError `input` where there are more or fewer tokens than positions.
 */
export async function readTokens(file: ArrayFile, name: string, batch: number, n: number): Promise<string[][] | null> {
  const all = file.names.includes(name) ? await fromArray(file, name) : fromMetadata(file, name);
  if (all === null) return null;
  if (all.length !== batch * n) {
    throw badStates(
      file.path,
      `${name}: ${all.length} for ${batch * n} positions`,
      "give one token a position, padding included",
    );
  }
  return Array.from({ length: batch }, (_, row) => all.slice(row * n, (row + 1) * n));
}

async function fromArray(file: ArrayFile, name: string): Promise<string[]> {
  const { dtype, shape } = await file.entry(name);
  if (dtype === "string" || dtype === "bytes") return [...(await file.strings(name))];
  if (!/^u?int/.test(dtype)) {
    const what = dtype === "object" ? "an object array, a pickle, which is never read" : dtype;
    throw badStates(file.path, `${name} is ${what}`, "give numpy.array of strings, or ids");
  }
  const { data } = await file.read(
    name,
    0,
    shape.reduce((a, b) => a * b, 1),
  );
  return Array.from(data as ArrayLike<number | bigint>, String);
}

function fromMetadata({ metadata, path }: ArrayFile, name: string): string[] | null {
  if (!Object.hasOwn(metadata, name)) return null;
  try {
    const parsed: unknown = JSON.parse(metadata[name]);
    if (Array.isArray(parsed)) return parsed.flat(1).map(String);
  } catch {
    // Said below, with the path.
  }
  throw badStates(path, `${name} in its metadata is no JSON list`, "give json.dumps of the tokens");
}
