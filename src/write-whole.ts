import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { TokensphereError } from "../models/errors.ts";

/** Writes a file under a temporary name, syncs and renames it: it is there as a whole or not at all. Throws `disk`. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.part`;
  try {
    const file = openSync(temporary, "w");
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new TokensphereError("disk", `cannot write: ${path}. check the folder and the space left`, { cause });
  }
}
