import { type FileHandle, open } from "node:fs/promises";
import { TokensphereError } from "./errors.ts";
import { brainToFloat, halfToFloat } from "./half-floats.ts";
import type { RawTensor, TensorData } from "./raw-tensor.ts";
import { headerLength, parseHeader, SAFETENSORS_TYPES, type SafetensorsEntry } from "./safetensors-header.ts";

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
  const handle = await openFile(path);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new TokensphereError("input", `not a file: ${path}. give a .safetensors file`);
    const size = stat.size;
    const length = headerLength(await readBytes(handle, 0, Math.min(8, size), path), size, path);
    const text = new TextDecoder().decode(await readBytes(handle, 8, 8 + length, path));
    const header = parseHeader(text, size - 8 - length, path);
    const read = (start: number, end: number) => readBytes(handle, 8 + length + start, 8 + length + end, path);
    return { path, ...header, dataStart: 8 + length, read, close: () => handle.close() };
  } catch (error) {
    await handle.close();
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
  if (dtype === "float32") return { shape, x: data as Float32Array };
  if (dtype === "float64") return { shape, x: Float32Array.from(data as Float64Array) };
  if (dtype === "float16") return { shape, x: halfToFloat(data as Uint16Array) };
  if (dtype === "bfloat16") return { shape, x: brainToFloat(data as Uint16Array) };
  throw new TokensphereError("input", `tensor ${name} is ${dtype}: ${file.path}. floating point is needed`);
}

/** `bytes` is fresh memory that begins at an address of its own, so any element type may view it. */
function viewAs(type: string, { buffer }: Uint8Array): TensorData {
  if (type === "F32") return new Float32Array(buffer);
  if (type === "F64") return new Float64Array(buffer);
  if (type === "I64") return new BigInt64Array(buffer);
  if (type === "I32") return new Int32Array(buffer);
  if (type === "F16" || type === "BF16") return new Uint16Array(buffer);
  return new Uint8Array(buffer);
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    throw new TokensphereError("input", `file cannot be opened: ${path}. check the path`, { cause: error });
  }
}

async function readBytes(handle: FileHandle, start: number, end: number, path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(bytes.length - at, 2 ** 30), start + at);
    if (bytesRead === 0) throw new TokensphereError("input", `file is truncated: ${path}. write it again`);
    at += bytesRead;
  }
  return bytes;
}

function listNames({ tensors }: SafetensorsFile): string {
  const names = [...tensors.keys()];
  return `${names.slice(0, 6).join(", ")}${names.length > 6 ? ", …" : ""}`;
}
