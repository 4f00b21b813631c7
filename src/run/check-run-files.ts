import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import type { Manifest } from "./manifest.ts";
import { RUN_FILES } from "./rows/run-files.ts";
import { USUAL_FILES, usualFile } from "./variant-files.ts";

/** Of states, which may be large, their own header tells; pages and pictures are drawn from the rest. */
const NOT_READ: readonly string[] = [RUN_FILES.manifest, RUN_FILES.states, RUN_FILES.report, RUN_FILES.comparison];

/**
 * Holds the tables and numbers of a run against the hashes that its manifest has of them: drawn again, damage would be lost from sight.
 *
 * @param only names of files; all that are read by default.
 * @throws TokensphereError `input` where one has changed since the run wrote it, or is gone.
 */
export function checkRunFiles(folder: string, { files }: Pick<Manifest, "files">, only?: readonly string[]): void {
  for (const [name, sha256] of Object.entries(files)) {
    if (only ? !only.includes(name) : !isNumbers(name)) continue;
    if (hasHash(join(folder, name), sha256)) continue;
    const what = existsSync(join(folder, name)) ? "not what the run wrote" : "gone";
    throw new TokensphereError("input", `${join(folder, name)}: ${what}. make the run again, or bring the file back`);
  }
}

function isNumbers(name: string): boolean {
  const usual = usualFile(name);
  return /\.(csv|json)$/.test(usual) && USUAL_FILES.includes(usual) && !NOT_READ.includes(usual);
}

/** Whether a file has a hash, or had it before somebody's version control wrote its line ends anew. */
export function hasHash(path: string, sha256: string): boolean {
  try {
    const bytes = readFileSync(path);
    return hash(bytes) === sha256 || hash(bytes.toString("latin1").replaceAll("\r\n", "\n")) === sha256;
  } catch {
    return false;
  }
}

function hash(content: Buffer | string): string {
  const bytes = typeof content === "string" ? Buffer.from(content, "latin1") : content;
  return createHash("sha256").update(bytes).digest("hex");
}
