import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { z } from "zod";
import { TokensphereError } from "../models/errors.ts";
import { openSafetensors, readTensor } from "../models/safetensors-reader.ts";
import type { DynamicsParams } from "../sim/dynamics/params.ts";
import type { Effects } from "./effects.ts";

const matrix = z.array(z.array(z.number()));
const schema = z.strictObject({
  Q: matrix.optional(),
  K: matrix.optional(),
  V: matrix.optional(),
  weights: z.array(z.number()).optional(),
  alpha: z.number().optional(),
  tau: z.number().optional(),
  data: matrix.optional(),
  heads: z.array(z.strictObject({ Q: matrix, K: matrix, V: matrix })).optional(),
});

/** Q, K, V, weights, alpha, tau, data and heads from JSON or .safetensors. Throws `input` on anything else. */
export async function readParams(effects: Effects, file: string): Promise<DynamicsParams> {
  const path = resolve(effects.cwd, file);
  const value = extname(path) === ".safetensors" ? await fromSafetensors(path) : await fromJson(path, file);
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data as DynamicsParams;
  const { path: at, message } = checked.error.issues[0];
  throw new TokensphereError(
    "input",
    `--params: ${file}: ${at.join(".") || "file"}: ${message.toLowerCase()}. give Q, K, V (rows), weights, alpha, tau, data or heads`,
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

async function fromSafetensors(path: string): Promise<Record<string, unknown>> {
  const file = await openSafetensors(path);
  try {
    const values: Record<string, unknown> = {};
    for (const name of file.tensors.keys()) {
      const { shape, data } = await readTensor(file, name);
      const list = Array.from(data as ArrayLike<number | bigint>, Number);
      if (shape.length === 2)
        values[name] = Array.from({ length: shape[0] }, (_, i) => list.slice(i * shape[1], (i + 1) * shape[1]));
      else values[name] = name === "alpha" || name === "tau" ? list[0] : list;
    }
    return values;
  } finally {
    await file.close();
  }
}
