import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { z } from "zod";
import { openSafetensors, readTensor } from "../../models/arrays/safetensors-reader.ts";
import { TokensphereError } from "../../models/errors.ts";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import type { Effects } from "../effects/effects.ts";

const matrix = z.array(z.array(z.number()));
const heads = z.array(z.strictObject({ Q: matrix, K: matrix, V: matrix }));
const schema = z.strictObject({
  Q: matrix.optional(),
  K: matrix.optional(),
  V: matrix.optional(),
  weights: z.array(z.number()).optional(),
  alpha: z.union([z.number(), z.array(z.tuple([z.number(), z.number()]))]).optional(),
  tau: z.number().optional(),
  data: matrix.optional(),
  heads: heads.optional(),
  layers: z.array(z.strictObject({ heads, duration: z.number().optional() })).optional(),
});

/** What `--params` says in the place of a file: Gaussian Q, K, V, new in each layer of `--layer-steps`. */
export const RANDOM_PARAMS = "random";

/** Parameters of one number, in .safetensors a tensor of one. */
const SCALARS = ["alpha", "duration", "tau"];

/** As in JSON, with numbers in arrays by index. */
type Node = { [key: string]: unknown };

/**
 * Q, K, V, weights, alpha, tau, data, heads and layers from JSON or .safetensors, where names say the place: `Q`,
 * `heads.0.Q`, `layers.1.heads.0.Q`, `layers.1.duration`. Throws `input` on anything else, `usage` for `random`, which is no file.
 */
export async function readParams(effects: Effects, file: string): Promise<DynamicsParams> {
  if (file === RANDOM_PARAMS)
    throw new TokensphereError("usage", "--params: random. it is for layers: add --layer-steps, or give a file");
  const path = resolve(effects.cwd, file);
  const value = extname(path) === ".safetensors" ? await fromSafetensors(path) : await fromJson(path, file);
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data as DynamicsParams;
  const { path: at, message } = checked.error.issues[0];
  throw new TokensphereError(
    "input",
    `--params: ${file}: ${at.join(".") || "file"}: ${message.toLowerCase()}. give Q, K, V (rows), weights, alpha, tau, data, heads or layers`,
  );
}

async function fromJson(path: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new TokensphereError("input", `--params: ${name}: cannot be read as JSON. give {"Q": [[…], …], …}`, {
      cause: error,
    });
  }
}

async function fromSafetensors(path: string): Promise<unknown> {
  const file = await openSafetensors(path);
  try {
    const values: Node = Object.create(null);
    for (const name of file.tensors.keys()) {
      const { shape, data } = await readTensor(file, name);
      const list = Array.from(data as ArrayLike<number | bigint>, Number);
      const keys = name.split(".");
      place(values, keys, numbersOf(keys[keys.length - 1], shape, list));
    }
    return withLists(values);
  } finally {
    await file.close();
  }
}

function numbersOf(key: string, shape: readonly number[], list: number[]): unknown {
  if (shape.length === 2)
    return Array.from({ length: shape[0] }, (_, i) => list.slice(i * shape[1], (i + 1) * shape[1]));
  return SCALARS.includes(key) && list.length === 1 ? list[0] : list;
}

function place(node: Node, [key, ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    node[key] = value;
    return;
  }
  const next = key in node ? node[key] : Object.create(null);
  node[key] = next;
  if (typeof next === "object" && next !== null && !Array.isArray(next)) place(next as Node, rest, value);
}

/** Nodes whose keys are 0, 1, 2 … are lists. */
function withLists(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withLists(inner)] as const);
  const isList = entries.length > 0 && entries.every(([key], i) => key === String(i));
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
