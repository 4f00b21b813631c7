import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import type { Effects } from "../effects/effects.ts";
import { ownerOf, removeLeftBehind } from "./left-behind.ts";
import { LOCK } from "./rows/run-files.ts";

/**
 * Takes a folder for this process, tells whoever supervises it, and removes what one that is gone has left there.
 *
 * @returns gives it back.
 * @throws TokensphereError `usage` where a process that runs has it, `disk` where nothing can be written.
 */
export function claimFolder(effects: Effects, folder: string): () => void {
  const release = lockFolder(folder);
  const forget = effects.halfWritten({ folder, made: [] });
  return () => {
    release();
    forget();
  };
}

function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK);
  try {
    removeLeftBehind(folder);
    take(path);
  } catch (cause) {
    const { code, message: why } = cause as NodeJS.ErrnoException;
    if (code !== "EEXIST") {
      throw new TokensphereError("disk", `cannot write ${folder}: ${why}. check the folder and its rights`, { cause });
    }
    const remedy = "wait for it, or give another folder";
    const message = `process ${ownerOf(folder)} writes into ${folder}. ${remedy}`;
    throw new TokensphereError("usage", message, { cause });
  }
  return () => rmSync(path, { force: true });
}

function take(path: string): void {
  const file = openSync(path, "wx");
  writeSync(file, String(process.pid));
  closeSync(file);
}
