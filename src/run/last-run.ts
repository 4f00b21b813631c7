import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import { RUN_FILES } from "./rows/run-files.ts";

/**
 * The folder of a run that the user names: itself, or that of a file in it; where none is named, the newest under `runs/`.
 *
 * @throws TokensphereError `usage` where none is named and there is none.
 */
export function namedRun(cwd: string, run: string | undefined): string {
  if (run === undefined) return lastRun(cwd);
  const path = resolve(cwd, run);
  return !isRun(path) && isRun(dirname(path)) ? dirname(path) : path;
}

function lastRun(cwd: string): string {
  const runs = join(cwd, "runs");
  const found = (existsSync(runs) ? readdirSync(runs) : []).map((name) => join(runs, name)).filter(isRun);
  const [last] = found.sort((a, b) => writtenAt(b) - writtenAt(a));
  if (last === undefined)
    throw new TokensphereError(
      "usage",
      "no run given: runs/ has none here. give a folder that probe, fit or compare wrote",
    );
  return last;
}

function isRun(folder: string): boolean {
  return existsSync(join(folder, RUN_FILES.manifest));
}

function writtenAt(folder: string): number {
  return statSync(join(folder, RUN_FILES.manifest)).mtimeMs;
}
