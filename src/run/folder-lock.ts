import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import { ownerOf, removeLeftBehind } from "./left-behind.ts";
import { LOCK } from "./rows/run-files.ts";

/**
 * Takes a folder for this process, and removes what one that is gone has left in it.
 *
 * @returns gives it back.
 * @throws TokensphereError `usage` where a process that runs has it.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK);
  removeLeftBehind(folder);
  try {
    take(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    const remedy = "wait for it, or give another folder";
    const message = `--out: process ${ownerOf(folder)} writes into ${folder}. ${remedy}`;
    throw new TokensphereError("usage", message, { cause });
  }
  return () => rmSync(path, { force: true });
}

function take(path: string): void {
  const file = openSync(path, "wx");
  writeSync(file, String(process.pid));
  closeSync(file);
}
