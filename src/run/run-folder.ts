import { existsSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import type { Effects } from "../effects/effects.ts";
import { foreignFile } from "./foreign-file.ts";
import { removeLeftBehind } from "./left-behind.ts";
import { makeFolder } from "./make-folder.ts";

/** A folder that is filled under a temporary name and appears under its own name only when it is complete. */
export interface DraftFolder {
  /** Where files are written meanwhile. */
  readonly path: string;
  /** Where they will lie. */
  readonly target: string;
  commit(): void;
  discard(): void;
}

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
  const beside = (kind: string): string => join(dirname(target), `.${basename(target)}.${process.pid}.${kind}`);
  const path = beside("draft");
  const parents = onDisk({ path, target }, () => makeFolder(path)).slice(1);
  onDisk({ path, target }, () => removeLeftBehind(dirname(target)));
  const remove = (): void => {
    rmSync(path, { recursive: true, force: true });
    for (const parent of parents) if (existsSync(parent) && readdirSync(parent).length === 0) rmdirSync(parent);
  };
  const forget = effects.halfWritten({ folder: dirname(target), made: parents });
  return {
    path,
    target,
    commit() {
      // Once more: much may have been put there since.
      requireFree(target, force);
      onDisk({ path, target }, () => replaceFolder(path, target, beside("old")));
      forget();
    },
    discard() {
      remove();
      forget();
    },
  };
}

/** Puts `path` in the place of `target`, which lies aside meanwhile: at every moment one of the two is there whole. */
function replaceFolder(path: string, target: string, aside: string): void {
  if (existsSync(target)) renameSync(target, aside);
  try {
    renameSync(path, target);
  } catch (error) {
    if (existsSync(aside)) renameSync(aside, target);
    throw error;
  }
  rmSync(aside, { recursive: true, force: true });
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
    throw error instanceof TokensphereError ? withUserPath(error, draft) : error;
  }
}

/** The draft is gone by the time that a message is read: it names what the user knows. */
function withUserPath(error: TokensphereError, { path, target }: Place): TokensphereError {
  if (!error.message.includes(path)) return error;
  return new TokensphereError(error.kind, error.message.replaceAll(path, target), { cause: error.cause });
}

/** Throws `usage` where `draftFolder` would. For commands that work long before they write. */
export function requireFree(target: string, force: boolean): void {
  if (!existsSync(target)) return;
  if (!statSync(target).isDirectory()) {
    throw new TokensphereError("usage", `--out: ${target} is a file. give a folder that does not exist yet`);
  }
  if (readdirSync(target).length === 0) return;
  const foreign = foreignFile(target);
  if (foreign !== null) {
    throw new TokensphereError(
      "usage",
      `--out: ${target} is not empty, and ${foreign} is not of tokensphere. give another folder`,
    );
  }
  if (force) return;
  throw new TokensphereError(
    "usage",
    `--out: ${target} is not empty. add --force to replace this run, or give another folder`,
  );
}

function firstFree(path: string): string {
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? path : `${path}-${i}`;
    if (!existsSync(candidate)) return candidate;
  }
}

type Place = Pick<DraftFolder, "path" | "target">;

function onDisk<T>(place: Place, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const message = `cannot write ${place.target}: ${(cause as Error).message}. check the folder and its rights`;
    throw withUserPath(new TokensphereError("disk", message, { cause }), place);
  }
}
