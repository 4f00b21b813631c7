import { createReadStream } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { TokensphereError } from "../errors.ts";
import { type RawTensor, sizeOf } from "./raw-tensor.ts";
import { SAFETENSORS_TYPES } from "./safetensors-header.ts";

/** The place of a tensor that was appended; its name is given at the end. */
export interface AppendedTensor {
  readonly type: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/**
 * Writes a safetensors file tensor by tensor: data go to a temporary file beside the target, so that no more than one
 * tensor need be held; `finish` puts the header before them. Until then the target does not change.
 */
export interface SafetensorsWriter {
  append(tensor: RawTensor): Promise<AppendedTensor>;
  /** Writes header and data under a temporary name, syncs, and renames to the target. */
  finish(tensors: ReadonlyMap<string, AppendedTensor>, metadata?: Readonly<Record<string, string>>): Promise<void>;
  /** Removes what was written so far. */
  abort(): Promise<void>;
}

/** @throws TokensphereError `disk` where the folder cannot be written to; so do the writer's functions. */
export async function createSafetensors(path: string): Promise<SafetensorsWriter> {
  const dataPath = `${path}.data.part`;
  const whole = `${path}.part`;
  const data = await onDisk(path, () => open(dataPath, "w"));
  let size = 0;
  const abort = async () => {
    await data.close().catch(() => undefined);
    await rm(dataPath, { force: true });
    await rm(whole, { force: true });
  };
  return {
    abort,
    async append({ dtype, shape, data: values }) {
      const type = typeNamed(dtype);
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      if (bytes.length !== sizeOf(shape) * SAFETENSORS_TYPES[type].bytes)
        throw new RangeError(`shape [${shape}] of ${dtype}`);
      await onDisk(path, () => writeAll(data, bytes));
      const entry = { type, shape, start: size, end: size + bytes.length };
      size = entry.end;
      return entry;
    },
    async finish(tensors, metadata = {}) {
      try {
        await onDisk(path, async () => {
          await data.close();
          await joinParts(whole, headerBytes(tensors, metadata), dataPath);
          await rename(whole, path);
          await syncFolder(dirname(path));
        });
      } finally {
        await abort();
      }
    },
  };
}

function headerBytes(
  tensors: ReadonlyMap<string, AppendedTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const sorted = [...tensors].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  const entries = sorted.map(([name, { type, shape, start, end }]) => [
    name,
    { dtype: type, shape, data_offsets: [start, end] },
  ]);
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const text = new TextEncoder().encode(json);
  const header = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  header.set(text, 8);
  return header;
}

async function joinParts(target: string, header: Uint8Array, dataPath: string): Promise<void> {
  const file = await open(target, "w");
  try {
    await writeAll(file, header);
    for await (const chunk of createReadStream(dataPath, { highWaterMark: 2 ** 22 }))
      await writeAll(file, chunk as Buffer);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, Math.min(bytes.length - at, 2 ** 30))).bytesWritten;
  }
}

/** The rename itself must reach the disk; some systems cannot sync a folder, and lose nothing but that. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

function typeNamed(dtype: string): string {
  const found = Object.entries(SAFETENSORS_TYPES).find(([, type]) => type.dtype === dtype);
  if (!found) throw new RangeError(`no safetensors type for ${dtype}`);
  return found[0];
}

async function onDisk<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    const what = `cannot write ${path}: ${code}`;
    throw new TokensphereError("disk", `${what}. check that the folder exists, is writable and has room`, {
      cause: error,
    });
  }
}
