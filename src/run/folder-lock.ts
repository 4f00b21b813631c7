import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import { isRunning } from "./is-running.ts";

/** The name of the file that says which process writes into a folder. */
export const LOCK = ".tokensphere.lock";

/**
 * Takes a folder for this process.
 *
 * @returns gives it back.
 * @throws TokensphereError `usage` where a process that runs has it; one that is gone has left it.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK);
  try {
    take(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const owner = Number(readFileSync(path, "utf8"));
    if (isRunning(owner)) {
      const remedy = "wait for it, or give another folder";
      throw new TokensphereError("usage", `--out: process ${owner} writes into ${folder}. ${remedy}`, { cause: error });
    }
    rmSync(path, { force: true });
    take(path);
  }
  return () => rmSync(path, { force: true });
}

function take(path: string): void {
  const file = openSync(path, "wx");
  writeSync(file, String(process.pid));
  closeSync(file);
}
