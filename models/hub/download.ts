import { constants } from "node:fs";
import { type FileHandle, link, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { hashFile } from "../arrays/hash-file.ts";
import { TokensphereError } from "../errors.ts";
import { exists } from "./cache.ts";
import { isDiskError, notWritable, wrongBytes } from "./errors.ts";
import { BACKOFF, type Patience, patientFetch, piecesOf } from "./request.ts";

/** A file to fetch. */
export interface Download {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Where the whole file goes; what there is of it lies beside, as `.incomplete`. */
  readonly blob: string;
  /** Bytes; null where the hub does not say. */
  readonly size: number | null;
  /** Hexadecimal SHA-256 where it is known. */
  readonly sha256: string | null;
  readonly patience: Patience;
  /** Told of the bytes that are there, those of an earlier try included. */
  readonly progress: (done: number) => void;
  /** The failure that an answer other than 2xx stands for. */
  readonly refused: (response: Response) => TokensphereError;
  /** The failure to speak of where the transfer breaks off again and again. */
  readonly brokenOff: (cause: unknown) => TokensphereError;
  /** The failure to speak of where a file without a size passes `patience.unstated`. */
  readonly endless: () => TokensphereError;
}

/**
 * Fetches a file, going on where an earlier try ended, and names it only when it is whole and its hash is right.
 *
 * Several may fetch the same file at once, in one process or more: each begins at or before the end of what there is
 * and writes the same bytes to the same places, so that the partial file is a beginning of the whole at any time.
 *
 * @throws TokensphereError `environment` for what the hub or the network does, `disk` where the cache cannot be written.
 */
export async function downloadBlob(download: Download): Promise<void> {
  const { blob, brokenOff } = download;
  const partial = partialOf(blob);
  try {
    await mkdir(dirname(blob), { recursive: true });
    await fetchAndName(download, partial);
  } catch (error) {
    if (!(await exists(blob))) {
      if (isDiskError(error)) throw notWritable(blob, error);
      throw (error as NodeJS.ErrnoException).code === "ENOENT" ? brokenOff(error) : error;
    } // Else another one was faster.
  }
  await removePartial(blob);
}

/** What there is of a file that is not whole. */
const partialOf = (blob: string): string => `${blob}.incomplete`;

/** Takes away what there was of a file that is there whole; nobody needs it. */
export async function removePartial(blob: string): Promise<void> {
  await rm(partialOf(blob), { force: true }).catch(() => undefined);
}

async function fetchAndName(download: Download, partial: string): Promise<void> {
  const { blob, sha256, url } = download;
  for (let fresh = false; ; fresh = true) {
    const begun = await fetchWhole(download, partial);
    if (await exists(blob)) return;
    const found = sha256 === null ? null : (await hashFile(partial)).sha256;
    if (found === sha256) return giveName(partial, blob);
    if (await exists(blob)) return;
    await rm(partial, { force: true });
    if (fresh || begun === 0) throw wrongBytes(url, String(found), String(sha256));
  }
}

/** By a second name, since that never replaces what another one has finished; by renaming where there is none. */
async function giveName(partial: string, blob: string): Promise<void> {
  await link(partial, blob).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST" || error.code === "ENOENT") throw error;
    return rename(partial, blob);
  });
}

/** Fetches until all is there; gives how much there was before. */
async function fetchWhole(download: Download, partial: string): Promise<number> {
  const { blob, size, patience, brokenOff } = download;
  const begun = await bytesThere(partial, size);
  let most = begun;
  for (let failures = 0; ; ) {
    const have = await bytesThere(partial, size);
    if ((size !== 0 && have === size) || (await exists(blob))) return begun;
    try {
      await transfer(download, partial);
      return begun;
    } catch (error) {
      if (error instanceof TokensphereError || isDiskError(error)) throw error;
      const now = await bytesThere(partial, size);
      failures = now > most ? 1 : failures + 1; // Whoever gets on may try again for as long as that lasts.
      most = Math.max(most, now);
      if (failures > BACKOFF.length) throw brokenOff(error);
      await patience.delay(BACKOFF[failures - 1]);
    }
  }
}

/** What there is of a file; more than the whole is of something else and goes. */
async function bytesThere(partial: string, size: number | null): Promise<number> {
  const found = (await stat(partial).catch(() => null))?.size ?? 0;
  if (size === null || found <= size) return found;
  await rm(partial, { force: true });
  return 0;
}

/** The file is opened before it is measured: what it is renamed to, or replaced by, later does not matter then. */
async function transfer(download: Download, partial: string): Promise<void> {
  const file = await open(partial, constants.O_WRONLY | constants.O_CREAT);
  try {
    await transferTo(file, download, partial);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function transferTo(file: FileHandle, download: Download, partial: string): Promise<void> {
  const { url, headers, patience, size, progress, refused, brokenOff, endless } = download;
  const have = (await file.stat()).size;
  if (size !== 0 && have === size) return; // Another one brought it to its end meanwhile.
  const range: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {};
  const response = await patientFetch(url, { headers: { ...headers, ...range } }, patience).catch((error) => {
    throw brokenOff(error); // It was patient already.
  });
  if (response.status === 416) {
    await rm(partial, { force: true });
    throw new Error("the hub has nothing after what there is");
  }
  if (!response.ok || response.body === null) throw refused(response);
  let at = startOf(response);
  if (!(at <= have)) throw new Error("the hub left bytes out");
  for await (const piece of piecesOf(response.body, patience.stall)) {
    // Before more of it is kept than there can be.
    if (size !== null && at + piece.length > size) throw new Error(`more than ${size} bytes`);
    if (size === null && at + piece.length > patience.unstated) {
      await rm(partial, { force: true });
      throw endless();
    }
    await writeAll(file, piece, at);
    at += piece.length;
    progress(at);
  }
  if (size !== null && at !== size) throw new Error(`${at} bytes in the place of ${size}`);
}

/** Where the bytes of an answer begin: a server may ignore the range. */
function startOf({ status, headers }: Response): number {
  if (status !== 206) return 0;
  return Number(/^bytes (\d+)-/.exec(headers.get("content-range") ?? "")?.[1] ?? Number.NaN);
}

async function writeAll(file: FileHandle, piece: Uint8Array, at: number): Promise<void> {
  for (let from = 0; from < piece.length; ) {
    from += (await file.write(piece, from, piece.length - from, at + from)).bytesWritten;
  }
}
