import { type FileHandle, open } from "node:fs/promises";
import { TokensphereError } from "../errors.ts";
import { POINTER_BYTES, refusePointer } from "./lfs-pointer.ts";

/** An open file of which parts are read when asked for. It is held until it is closed. */
export interface FileBytes {
  readonly path: string;
  readonly size: number;
  /**
   * Bytes `[start, end)` as fresh memory that begins at an address of its own, so that any element type may view it.
   *
   * @throws TokensphereError `input` where the file ends before `end`.
   */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** @throws TokensphereError `input` where the path is missing, not readable, no file or a git-lfs pointer; `kind` is for the remedy. */
export async function openBytes(path: string, kind: string): Promise<FileBytes> {
  const handle = await openFile(path);
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw new TokensphereError("input", `not a file: ${path}. give a ${kind} file`);
  }
  const read = (start: number, end: number) => readRange(handle, start, end, path);
  try {
    if (stat.size < POINTER_BYTES) refusePointer(await read(0, stat.size), path);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { path, size: stat.size, read, close: () => handle.close() };
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    throw new TokensphereError("input", `file cannot be opened: ${path}. check the path`, { cause: error });
  }
}

/** Some systems read no more than 2 GiB at once. */
const MOST_AT_ONCE = 2 ** 30;

async function readRange(
  handle: FileHandle,
  start: number,
  end: number,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start);
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(bytes.length - at, MOST_AT_ONCE), start + at);
    if (bytesRead === 0) throw new TokensphereError("input", `file is truncated: ${path}. write it again`);
    at += bytesRead;
  }
  return bytes;
}
