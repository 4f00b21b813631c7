import { TokensphereError } from "../errors.ts";
import { asFloat32 } from "./as-float32.ts";
import { openBytes } from "./file-bytes.ts";
import type { RawTensor, TensorData } from "./raw-tensor.ts";
import {
  headerLength,
  headerText,
  parseHeader,
  SAFETENSORS_TYPES,
  type SafetensorsEntry,
} from "./safetensors-header.ts";

/** An open safetensors file: its tensors are read one by one, when asked for. It holds a file until it is closed. */
export interface SafetensorsFile {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: Readonly<Record<string, string>>;
  /** First byte of the data in the file. */
  readonly dataStart: number;
  /** Bytes `[start, end)` of the data. */
  read(start: number, end: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** @throws TokensphereError `input` where the file is missing, empty, truncated or not in the format. */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const file = await openBytes(path, ".safetensors");
  try {
    const { size } = file;
    const length = headerLength(await file.read(0, Math.min(8, size)), size, path);
    const text = headerText(await file.read(8, 8 + length), path);
    const header = parseHeader(text, size - 8 - length, path);
    const read = (start: number, end: number) => file.read(8 + length + start, 8 + length + end);
    return { path, ...header, dataStart: 8 + length, read, close: file.close };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** One tensor with the type it has in the file; float16 and bfloat16 as bits. */
export async function readTensor(file: SafetensorsFile, name: string): Promise<RawTensor> {
  const entry = file.tensors.get(name);
  if (!entry) throw new TokensphereError("input", `no tensor ${name}: ${file.path}. it holds ${listNames(file)}`);
  const bytes = await file.read(entry.start, entry.end);
  const { dtype } = SAFETENSORS_TYPES[entry.type];
  return { dtype, shape: entry.shape, data: viewAs(entry.type, bytes) };
}

/** A float tensor of any precision as float32. */
export async function readFloats(
  file: SafetensorsFile,
  name: string,
): Promise<{ shape: readonly number[]; x: Float32Array }> {
  const { dtype, shape, data } = await readTensor(file, name);
  const x = asFloat32({ dtype, data });
  if (x) return { shape, x };
  throw new TokensphereError("input", `tensor ${name} is ${dtype}: ${file.path}. floating point is needed`);
}

/** `bytes` is fresh memory that begins at an address of its own, so any element type may view it. */
export function viewAs(type: string, { buffer }: Uint8Array): TensorData {
  if (type === "F32") return new Float32Array(buffer);
  if (type === "F64") return new Float64Array(buffer);
  if (type === "I64") return new BigInt64Array(buffer);
  if (type === "I32") return new Int32Array(buffer);
  if (type === "F16" || type === "BF16") return new Uint16Array(buffer);
  return new Uint8Array(buffer);
}

function listNames({ tensors }: SafetensorsFile): string {
  const names = [...tensors.keys()];
  return `${names.slice(0, 6).join(", ")}${names.length > 6 ? ", …" : ""}`;
}
