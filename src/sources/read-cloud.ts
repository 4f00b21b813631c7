import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { brainToFloat, halfToFloat } from "../../models/arrays/half-floats.ts";
import { readNpy } from "../../models/arrays/npy.ts";
import type { RawTensor } from "../../models/arrays/raw-tensor.ts";
import { openSafetensors, readTensor } from "../../models/arrays/safetensors-reader.ts";
import { TokensphereError } from "../../models/errors.ts";
import type { Cloud } from "../../probes/cloud.ts";
import type { Effects } from "../effects/effects.ts";

/**
 * A cloud from a file: JSON [[…], …], .npy, or a tensor of a .safetensors file (`tensor`, else the only one, else
 * `hidden_states.0`). A batch of one counts as a matrix. Throws `input` on anything else.
 */
export async function readCloud(effects: Effects, file: string, tensor?: string): Promise<Cloud> {
  const path = resolve(effects.cwd, file);
  const extension = extname(path).toLowerCase();
  if (file === "-") return fromJson(await effects.readStdin(), "stdin");
  if (extension === ".npy") return fromTensor(await readNpy(path), file);
  if (extension === ".safetensors") return fromTensor(await fromSafetensors(path, tensor), file);
  try {
    return fromJson(await readFile(path, "utf8"), file);
  } catch (error) {
    if (error instanceof TokensphereError) throw error;
    throw new TokensphereError("input", `--init: ${file}: cannot be read. give JSON [[…], …], .npy or .safetensors`, {
      cause: error,
    });
  }
}

function fromJson(text: string, name: string): Cloud {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TokensphereError("input", `--init: ${name}: no JSON. give [[…], …], one list of numbers a token`, {
      cause: error,
    });
  }
  const rows = Array.isArray(value) ? value : [];
  const d = Array.isArray(rows[0]) ? rows[0].length : 0;
  const good = (row: unknown): boolean =>
    Array.isArray(row) && row.length === d && row.every((v) => typeof v === "number" && Number.isFinite(v));
  const bad = rows.findIndex((row) => !good(row));
  if (d === 0 || bad >= 0) {
    const where = d === 0 ? "no rows of numbers" : `row ${bad} is not ${d} finite numbers`;
    throw new TokensphereError("input", `--init: ${name}: ${where}. give [[…], …], one list of numbers a token`);
  }
  return { n: rows.length, d, x: Float64Array.from(rows.flat()) };
}

async function fromSafetensors(path: string, tensor: string | undefined): Promise<RawTensor> {
  const file = await openSafetensors(path);
  try {
    const names = [...file.tensors.keys()];
    return await readTensor(file, tensor ?? (names.length === 1 ? names[0] : "hidden_states.0"));
  } finally {
    await file.close();
  }
}

function fromTensor({ dtype, shape, data }: RawTensor, name: string): Cloud {
  const matrix = shape.length === 3 && shape[0] === 1 ? shape.slice(1) : shape;
  if (matrix.length !== 2 || matrix.includes(0)) {
    throw new TokensphereError("input", `--init: ${name}: shape [${shape.join(", ")}]. a matrix [n, d] is needed`);
  }
  const [n, d] = matrix;
  return { n, d, x: toFloat64(dtype, data) };
}

function toFloat64(dtype: string, data: RawTensor["data"]): Float64Array {
  if (dtype === "float16") return Float64Array.from(halfToFloat(data as Uint16Array));
  if (dtype === "bfloat16") return Float64Array.from(brainToFloat(data as Uint16Array));
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}
