import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { TokensphereError } from "../models/errors.ts";
import type { Effects } from "./effects.ts";

/** A folder that is filled under a temporary name and appears under its own name only when it is complete. */
export interface DraftFolder {
  /** Where files are written meanwhile. */
  readonly path: string;
  /** Where they will lie. */
  readonly target: string;
  commit(): void;
  discard(): void;
}

/** A folder with one of these was written by a command: `--force` may replace it, and nothing else. */
const OURS = ["manifest.json", "simulation.json", "inspect.json"];

/** The folder asked for, or a new one under `runs/` named for the moment and the model. */
export function runFolderName(effects: Effects, out: string | undefined, label: string): string {
  if (out !== undefined) return resolve(effects.cwd, out);
  const stamp = effects.date().toISOString().slice(0, 19).replaceAll(":", "-");
  const name = `${stamp}-${basename(label).replace(/[^\w.-]+/g, "_")}`;
  return firstFree(join(effects.cwd, "runs", name));
}

/**
 * Opens a draft for `target`. Throws `usage` where something is already there (an empty folder is not), unless `force` allows to
 * replace an earlier run, and `disk` where nothing can be written.
 */
export function draftFolder(effects: Effects, target: string, force: boolean): DraftFolder {
  requireFree(target, force);
  const path = join(dirname(target), `.${basename(target)}.${process.pid}.draft`);
  const parents = onDisk(path, () => makeFolder(path)).slice(1);
  const remove = (): void => {
    rmSync(path, { recursive: true, force: true });
    for (const parent of parents) if (existsSync(parent) && readdirSync(parent).length === 0) rmdirSync(parent);
  };
  const forget = effects.onInterrupt(remove);
  return {
    path,
    target,
    commit() {
      onDisk(target, () => {
        if (existsSync(target)) rmSync(target, { recursive: true });
        renameSync(path, target);
      });
      forget();
    },
    discard() {
      remove();
      forget();
    },
  };
}

/**
 * Makes a folder and those above it, and says which were made, the innermost first. Not by `mkdirSync`'s own recursion,
 * which never returns where a file system refuses with ENOENT, as /proc does.
 */
function makeFolder(path: string): string[] {
  if (existsSync(path)) return [];
  const parents = makeFolder(dirname(path));
  mkdirSync(path);
  return [path, ...parents];
}

/** Runs `work` on a draft and commits it, or leaves nothing behind where it fails. */
export async function fillFolder<T>(
  effects: Effects,
  target: string,
  force: boolean,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const draft = draftFolder(effects, target, force);
  try {
    const result = await work(draft.path);
    draft.commit();
    return result;
  } catch (error) {
    draft.discard();
    throw error;
  }
}

/** Throws `usage` where `draftFolder` would. For commands that work long before they write. */
export function requireFree(target: string, force: boolean): void {
  if (!existsSync(target)) return;
  if (!statSync(target).isDirectory()) {
    throw new TokensphereError("usage", `--out: ${target} is a file. give a folder that does not exist yet`);
  }
  const content = readdirSync(target);
  const ours = OURS.some((name) => content.includes(name));
  if (content.length === 0 || (force && ours)) return;
  const remedy = ours ? "add --force to replace this run, or give another folder" : "give another folder";
  throw new TokensphereError("usage", `--out: ${target} is not empty. ${remedy}`);
}

function firstFree(path: string): string {
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? path : `${path}-${i}`;
    if (!existsSync(candidate)) return candidate;
  }
}

function onDisk<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new TokensphereError(
      "disk",
      `cannot write ${path}: ${(error as Error).message}. check the folder and its rights`,
      {
        cause: error,
      },
    );
  }
}
