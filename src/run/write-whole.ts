import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { TokensphereError } from "../../models/errors.ts";

/** Writes a file under a temporary name, syncs and renames it: it is there as a whole or not at all. Throws `disk`. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.part`;
  try {
    if (!existsSync(dirname(path))) mkdirSync(dirname(path));
    const file = openSync(temporary, "w");
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    if (existsSync(temporary)) rmSync(temporary);
    throw new TokensphereError("disk", `cannot write: ${path}. check the folder and the space left`, { cause });
  }
}
