import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import { readFormat } from "../formats/read-format.ts";
import { RUN } from "../formats/run-formats.ts";
import type { Manifest } from "../run/manifest.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";

/** Where runs lie that were not told where to. */
export const RUNS_FOLDER = "runs";

/** Whether a folder is a run: a comparison, a sweep and the like have no table of measures. */
export function isRun(folder: string): boolean {
  return [RUN_FILES.manifest, RUN_FILES.metrics].every((file) => existsSync(join(folder, file)));
}

/** The folders in a folder that are runs; none where there is no such folder. Drafts are none. */
export function runsIn(folder: string): readonly string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  return names.map((name) => join(folder, name)).filter(isRun);
}

/**
 * The folder that somebody means, in any command: a run's folder or a file in it, the name of its folder under `runs/`, the name that
 * `--name` gave it; without any the newest run under `runs/`. Any other folder that is there is taken as it is: it may hold a page.
 *
 * @throws TokensphereError `usage` where none is named and there is none; `input` where there is no such run, or several have the name.
 */
export function meantRun(cwd: string, named: string | undefined): string {
  const folder = join(cwd, RUNS_FOLDER);
  if (named === undefined) return newestRun(folder);
  const [path, under] = [resolve(cwd, named), join(folder, named)];
  const places = [path, ...(mayBeFile(path, named) ? [dirname(path)] : []), under];
  const meant = places.find(isRun) ?? runCalled(folder, named) ?? [path, under].find(isFolder);
  if (meant !== undefined) return meant;
  throw new TokensphereError("input", `no run: ${named}. \`tokensphere runs\` lists those that are there`);
}

/** Whether what was named is a file of a folder, there or gone; a bare name that is not there is a run's. */
function mayBeFile(path: string, named: string): boolean {
  return dirname(named) !== "." || existsSync(path);
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function newestRun(folder: string): string {
  const all = described(folder).sort((a, b) => (a.manifest.created < b.manifest.created ? 1 : -1));
  if (all[0] !== undefined) return all[0].folder;
  throw new TokensphereError(
    "usage",
    "no run given: runs/ has none here. give a folder that probe, fit or compare wrote",
  );
}

function runCalled(folder: string, named: string): string | undefined {
  const meant = described(folder).filter(({ manifest }) => manifest.name === named);
  if (meant.length < 2) return meant[0]?.folder;
  const many = meant.map((run) => run.folder).join(", ");
  throw new TokensphereError("input", `${named}: ${meant.length} runs have this name. give one of the folders ${many}`);
}

/** Runs with what their manifests say; one that cannot be read is nobody's meaning. */
function described(folder: string): { readonly folder: string; readonly manifest: Manifest }[] {
  return runsIn(folder).flatMap((one) => {
    try {
      return [{ folder: one, manifest: readFormat(RUN, join(one, RUN_FILES.manifest)) }];
    } catch (error) {
      if (error instanceof TokensphereError) return [];
      throw error;
    }
  });
}
