import { readFile } from "node:fs/promises";
import { refusePointer } from "./lfs-pointer.ts";

const strict = new TextDecoder("utf-8", { fatal: true });

/** Text from UTF-8 bytes. @throws TypeError where they are none: a replaced character would hide the damage. */
export function decodeUtf8(bytes: Uint8Array): string {
  return strict.decode(bytes);
}

/**
 * The text of a UTF-8 file, without its mark.
 *
 * @throws Error where it cannot be read, TypeError where it is no UTF-8, TokensphereError `input` where it is a git-lfs pointer.
 */
export async function readUtf8(path: string): Promise<string> {
  const bytes = await readFile(path);
  refusePointer(bytes, path);
  return decodeUtf8(bytes);
}
