import { extname } from "node:path";
import { floatToHalf } from "../arrays/half-floats.ts";
import { type RawInputs, type RawTensor, sizeOf, type TensorData } from "../arrays/raw-tensor.ts";
import { readUtf8 } from "../arrays/read-utf8.ts";
import { openSafetensors, readTensor } from "../arrays/safetensors-reader.ts";
import { TokensphereError } from "../errors.ts";

/**
 * Reads model inputs from a file: JSON `{name: {dtype, shape, data}}` or .safetensors.
 *
 * @throws TokensphereError `input` where the file cannot be read as such, `usage` for what is no path.
 */
export async function readInputs(path: string): Promise<RawInputs> {
  if (typeof path !== "string") {
    throw new TokensphereError("usage", `no path: ${typeof path}. give that of a .json or .safetensors file`);
  }
  return extname(path) === ".safetensors" ? fromSafetensors(path) : parseInputs(await readText(path), path);
}

/** Model inputs from the text of a JSON file; `path` is for messages. */
export function parseInputs(text: string, path: string): RawInputs {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw bad(path, "no JSON", error);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw bad(path, "no object of inputs");
  const entries = Object.entries(parsed).map(([name, value]) => [name, parseTensor(name, value, path)] as const);
  if (entries.length === 0) throw bad(path, "no inputs");
  return Object.fromEntries(entries);
}

/** Lists within lists of a tensor's values; a file of brackets alone would exhaust the stack. */
const MOST_NESTED = 64;

const MAKERS: Readonly<Record<string, (values: readonly number[]) => TensorData>> = {
  float32: (values) => Float32Array.from(values),
  float16: (values) => floatToHalf(values),
  float64: (values) => Float64Array.from(values),
  int64: (values) => BigInt64Array.from(values, BigInt),
  int32: (values) => Int32Array.from(values),
  uint8: (values) => Uint8Array.from(values),
  int8: (values) => Int8Array.from(values),
  bool: (values) => Uint8Array.from(values, (value) => (value ? 1 : 0)),
};

function parseTensor(name: string, value: unknown, path: string): RawTensor {
  const { dtype, shape, data } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const make = typeof dtype === "string" && Object.hasOwn(MAKERS, dtype) ? MAKERS[dtype] : undefined;
  if (!make) throw bad(path, `input ${name} has dtype ${String(dtype)}, known are ${Object.keys(MAKERS).join(" ")}`);
  if (!Array.isArray(shape) || !shape.every((dim) => Number.isSafeInteger(dim) && dim >= 0)) {
    throw bad(path, `input ${name} has no shape of whole numbers`);
  }
  const values = Array.isArray(data) ? data.flat(MOST_NESTED) : [];
  if (values.length !== sizeOf(shape))
    throw bad(path, `input ${name} has ${values.length} values for shape [${shape}]`);
  const whole = !dtype?.toString().startsWith("float");
  const fits = (x: unknown): boolean =>
    typeof x === "boolean" || (whole ? Number.isSafeInteger(x) : Number.isFinite(x));
  const wrong = values.findIndex((x) => !fits(x));
  if (wrong >= 0) throw bad(path, `input ${name} holds ${shownValue(values[wrong])}, no ${String(dtype)}`);
  return { dtype: dtype as string, shape, data: make(values.map(Number)) };
}

function shownValue(value: unknown): string {
  return Array.isArray(value) ? `lists more than ${MOST_NESTED} deep` : JSON.stringify(value);
}

async function fromSafetensors(path: string): Promise<RawInputs> {
  const file = await openSafetensors(path);
  try {
    const inputs: Record<string, RawTensor> = {};
    for (const name of file.tensors.keys()) inputs[name] = await readTensor(file, name);
    if (Object.keys(inputs).length === 0) throw bad(path, "no inputs");
    return inputs;
  } finally {
    await file.close();
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readUtf8(path);
  } catch (error) {
    if (error instanceof TokensphereError) throw error;
    throw new TokensphereError("input", `inputs cannot be read: ${path}. check the path`, { cause: error });
  }
}

function bad(path: string, what: string, cause?: unknown): TokensphereError {
  const form = 'JSON {name: {"dtype", "shape", "data"}} or .safetensors';
  return new TokensphereError("input", `inputs cannot be used: ${path}: ${what}. give ${form}`, { cause });
}
