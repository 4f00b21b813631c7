import { constants, crc32, inflateRawSync, type ZlibOptions } from "node:zlib";
import { TokensphereError } from "../errors.ts";
import type { FileBytes } from "./file-bytes.ts";

/** One file in an archive, as the archive's directory tells. */
export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes once unpacked. */
  readonly size: number;
  /** Where its own header lies. */
  readonly offset: number;
}

/** What is read of the zip format (PKWARE APPNOTE 6.3): stored and deflated entries of archives up to 4 GB. */
const END = { signature: 0x06054b50, length: 22 };
const DIRECTORY = { signature: 0x02014b50, length: 46 };
const LOCAL = { signature: 0x04034b50, length: 30 };
const MOST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
/** No deflated byte unpacks to more. */
const MOST_RATIO = 1032;
/** Numbers pack ten to one at best; what is this large and packed this much more is made to fill a memory. */
const BOMB = { size: 2 ** 28, ratio: 100 };
/** Enough for the header of an array. */
const START = 4096;

/**
 * The entries of a zip archive, in the order of its directory, which is read, and the names that stand before the entries themselves: where
 * the two differ one is damaged, and under that name nobody would look for it.
 *
 * @throws TokensphereError `input` where the file is no whole archive, or is encrypted, split, zip64 or otherwise packed.
 */
export async function readZipDirectory(file: FileBytes): Promise<ReadonlyMap<string, ZipEntry>> {
  const { count, start, end } = await findDirectory(file);
  const bytes = await file.read(start, end);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    const { entry, next } = directoryEntry(bytes, at, file.path);
    if (entries.has(entry.name)) throw bad(file.path, `two entries ${entry.name}`);
    if (entry.offset + LOCAL.length + entry.packed > start) throw bad(file.path, `it ends before ${entry.name}`);
    await refuseOtherName(file, entry);
    entries.set(entry.name, entry);
    at = next;
  }
  return entries;
}

/**
 * An entry's bytes, unpacked and checked against its length and checksum.
 *
 * @throws TokensphereError `input` where the entry is damaged, or unpacks to a hundred times its size and a memory full.
 */
export async function readZipEntry(file: FileBytes, entry: ZipEntry): Promise<Uint8Array> {
  refuseBomb(file.path, entry);
  const start = await dataStart(file, entry);
  const packed = await file.read(start, start + entry.packed);
  const bytes = entry.deflated ? inflate(packed, entry, file.path) : packed;
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) throw bad(file.path, `${entry.name} is damaged`);
  return bytes;
}

/**
 * The first bytes of an entry, some thousands of them, unpacked; nothing says whether they are whole.
 *
 * @throws TokensphereError `input` where the archive does not hold them.
 */
export async function readZipStart(file: FileBytes, entry: ZipEntry): Promise<Uint8Array> {
  const start = await dataStart(file, entry);
  const packed = await file.read(start, start + Math.min(entry.packed, START));
  // A flush in the place of an end: what comes after is not there, and not missed.
  return entry.deflated ? inflate(packed, entry, file.path, { finishFlush: constants.Z_SYNC_FLUSH }) : packed;
}

async function findDirectory(file: FileBytes) {
  const tail = await file.read(Math.max(0, file.size - END.length - MOST_COMMENT), file.size);
  const view = viewOf(tail);
  const at = endRecord(view);
  if (at === null) throw bad(file.path, "no zip archive, or one that was cut");
  const disks = view.getUint32(at + 4, true);
  const count = view.getUint16(at + 10, true);
  const size = view.getUint32(at + 12, true);
  const start = view.getUint32(at + 16, true);
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) throw tooLarge(file.path);
  if (disks !== 0 || view.getUint16(at + 8, true) !== count) throw bad(file.path, "an archive in several parts");
  if (start + size > file.size - tail.length + at) throw bad(file.path, "its directory does not fit the file");
  return { count, start, end: start + size };
}

/** The last end record whose comment ends with the file. */
function endRecord(view: DataView): number | null {
  for (let at = view.byteLength - END.length; at >= 0; at--) {
    if (view.getUint32(at, true) !== END.signature) continue;
    if (at + END.length + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return null;
}

function directoryEntry(bytes: Uint8Array, at: number, path: string) {
  const view = viewOf(bytes);
  if (at + DIRECTORY.length > bytes.length || view.getUint32(at, true) !== DIRECTORY.signature) {
    throw bad(path, "its directory is damaged");
  }
  const nameEnd = at + DIRECTORY.length + view.getUint16(at + 28, true);
  const next = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > bytes.length) throw bad(path, "its directory is damaged");
  const name = new TextDecoder().decode(bytes.subarray(at + DIRECTORY.length, nameEnd));
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [packed, size, offset] = [20, 24, 42].map((field) => view.getUint32(at + field, true));
  if (packed === 0xffffffff || size === 0xffffffff || offset === 0xffffffff) throw tooLarge(path);
  if ((flags & 1) === 1) throw bad(path, `${name} is encrypted`);
  if (method !== STORED && method !== DEFLATED) throw bad(path, `${name} is packed by method ${method}`);
  if (method === STORED && packed !== size) throw bad(path, `${name} is damaged`);
  if (size > MOST_RATIO * (packed + 1)) throw bad(path, `${name} is damaged`);
  return {
    entry: { name, deflated: method === DEFLATED, crc: view.getUint32(at + 16, true), packed, size, offset },
    next,
  };
}

async function refuseOtherName(file: FileBytes, { name, offset }: ZipEntry): Promise<void> {
  const start = offset + LOCAL.length;
  const length = viewOf(await file.read(offset, start)).getUint16(26, true);
  const own = start + length > file.size ? null : new TextDecoder().decode(await file.read(start, start + length));
  if (own !== name) throw bad(file.path, `${name.replace(/\p{C}/gu, "�")} is damaged`);
}

/** The entry's own header may be longer than the directory tells: numpy leaves room for long lengths. */
async function dataStart(file: FileBytes, { name, offset, packed }: ZipEntry): Promise<number> {
  const view = viewOf(await file.read(offset, offset + LOCAL.length));
  const start = offset + LOCAL.length + view.getUint16(26, true) + view.getUint16(28, true);
  if (view.getUint32(0, true) !== LOCAL.signature || start + packed > file.size) {
    throw bad(file.path, `${name} is damaged`);
  }
  return start;
}

function refuseBomb(path: string, { name, packed, size }: ZipEntry): void {
  if (size <= BOMB.size || size <= BOMB.ratio * packed) return;
  const what = `archive cannot be read: ${path}: ${packed} bytes of ${name} unpack to ${size}`;
  throw new TokensphereError("input", `${what}. if that is meant, save it unpacked, with numpy.savez`);
}

function inflate(packed: Uint8Array, { name, size }: ZipEntry, path: string, options: ZlibOptions = {}): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size), ...options });
  } catch (error) {
    throw bad(path, `${name} is damaged`, error);
  }
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

function tooLarge(path: string): TokensphereError {
  const what = `archive cannot be read: ${path}: a zip64 archive, which is for more than 4 GB`;
  return new TokensphereError("input", `${what}. save it as .npy or .safetensors`);
}

function bad(path: string, what: string, cause?: unknown): TokensphereError {
  return new TokensphereError("input", `archive cannot be read: ${path}: ${what}. write it again`, { cause });
}
