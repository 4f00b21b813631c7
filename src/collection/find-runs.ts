import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import type { Effects } from "../effects/effects.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { type RunSummary, readSummary } from "./run-summary.ts";

/** Where runs lie that were not told where to. */
export const RUNS_FOLDER = "runs";

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
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const path = join(folder, name);
    if (name.startsWith(".") || !isRun(path)) continue;
    try {
      runs.push(readSummary(path));
    } catch (error) {
      unreadable.push({ folder: path, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { runs: runs.sort((a, b) => (a.created < b.created ? 1 : -1)), unreadable };
}

/** Whether a folder is a run: a comparison, a sweep and the like have no table of measures. */
export function isRun(folder: string): boolean {
  return [RUN_FILES.manifest, RUN_FILES.metrics].every((file) => existsSync(join(folder, file)));
}

/**
 * The folder that somebody means: a path, the name of a run under runs/ or of its folder there; without either the newest run.
 *
 * @throws TokensphereError `input` where there is none, or several have the name.
 */
export function meantRun(effects: Effects, named: string | undefined): string {
  if (named !== undefined && existsSync(resolve(effects.cwd, named))) return resolve(effects.cwd, named);
  const folder = join(effects.cwd, RUNS_FOLDER);
  if (named !== undefined && existsSync(join(folder, named))) return join(folder, named);
  const { runs } = findRuns(folder);
  const meant = named === undefined ? runs.slice(0, 1) : runs.filter(({ name }) => name === named);
  if (meant.length === 1) return meant[0]!.folder;
  const many = meant.map((run) => run.folder).join(", ");
  throw new TokensphereError(
    "input",
    meant.length === 0
      ? `no run: ${named ?? folder}. \`tokensphere runs\` lists those that are there`
      : `${named}: ${meant.length} runs have this name. give one of the folders ${many}`,
  );
}
