import { existsSync, statSync } from "node:fs";
import { TokensphereError } from "../../models/errors.ts";
import { runsIn } from "./meant-run.ts";
import { type RunSummary, readSummary } from "./run-summary.ts";

export interface FoundRuns {
  /** The newest first. */
  readonly runs: readonly RunSummary[];
  readonly unreadable: readonly { readonly folder: string; readonly why: string }[];
}

/**
 * The runs in a folder, one folder each.
 *
 * @throws TokensphereError `input` where there is no such folder.
 */
export function findRuns(folder: string): FoundRuns {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new TokensphereError("input", `no folder: ${folder}. name the one that holds runs, or make one with compare`);
  }
  const runs: RunSummary[] = [];
  const unreadable: { folder: string; why: string }[] = [];
  for (const path of runsIn(folder)) {
    try {
      runs.push(readSummary(path));
    } catch (error) {
      unreadable.push({ folder: path, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { runs: runs.sort((a, b) => (a.created < b.created ? 1 : -1)), unreadable };
}
