import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { TokensphereError } from "../../models/errors.ts";

/** Writes a file under a temporary name, syncs and renames it: it is there as a whole or not at all. Throws `disk`. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  fillWhole(path, (temporary) => writeFileSync(temporary, content));
}

/** The same of a file that `fill` writes under the name it is given; what `fill` throws of its own is thrown as it is. */
export function fillWhole(path: string, fill: (temporary: string) => void): void {
  const temporary = `${path}.part`;
  try {
    if (!existsSync(dirname(path))) mkdirSync(dirname(path));
    fill(temporary);
    const file = openSync(temporary, "r+");
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    if (existsSync(temporary)) rmSync(temporary);
    if (!(cause instanceof Error && "syscall" in cause)) throw cause;
    throw new TokensphereError("disk", `cannot write: ${path}. check the folder and the space left`, { cause });
  }
}
