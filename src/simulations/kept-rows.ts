import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import type { Effects } from "../effects/effects.ts";
import type { Format } from "../formats/format.ts";
import { readFormat } from "../formats/read-format.ts";
import { claimFolder } from "../run/folder-lock.ts";
import { makeFolder } from "../run/make-folder.ts";
import { LOCK } from "../run/rows/run-files.ts";
import { requireFree } from "../run/run-folder.ts";

/** What the rows depend on: a sweep goes on only where this is the same. */
export type Settings = Readonly<Record<string, unknown>>;

/** What a sweep leaves in its folder. */
export interface SweepFiles {
  /** Its file has the settings and the rows so far. */
  readonly format: Format;
  /** All names that it writes. */
  readonly files: readonly string[];
  /** Whether a folder with these names and so many rows has all of it. */
  readonly isWhole: (names: readonly string[], rows: number) => boolean;
}

/**
 * Makes the folder and takes it for this process. Before hours of work: it can be written to, and nobody else does, or the command
 * fails here.
 *
 * @returns what gives it back.
 * @throws TokensphereError `disk` where it cannot be made, `usage` where another process has it.
 */
export function claimSweepFolder(effects: Effects, folder: string): () => void {
  try {
    makeFolder(folder);
  } catch (cause) {
    throw new TokensphereError("disk", `cannot write: ${folder}. check the folder and its rights`, { cause });
  }
  return claimFolder(effects, folder);
}

/**
 * Rows of an unfinished sweep with these settings, as they were written; none where the folder is empty, or is emptied by `force`.
 *
 * @throws TokensphereError `usage` where the folder holds anything else, unless `force`; `input` where its rows cannot be read.
 */
export function keptRows<Row>(
  folder: string,
  { format, files, isWhole }: SweepFiles,
  settings: Settings,
  force: boolean,
): readonly Row[] {
  const names = readdirSync(folder).filter((name) => name !== LOCK);
  if (names.length === 0) return [];
  if (!names.includes(format.file))
    throw new TokensphereError("usage", `--out: ${folder} is not empty. give another folder`);
  if (force) {
    requireFree(folder, force);
    for (const name of files) if (existsSync(join(folder, name))) rmSync(join(folder, name));
    return [];
  }
  const path = join(folder, format.file);
  const {
    rows,
    format: _,
    version: __,
    ...other
  } = readFormat(format, path) as Settings & { readonly rows: readonly Row[] };
  if (isWhole(names, rows.length))
    throw new TokensphereError(
      "usage",
      `--out: ${folder} has a sweep. add --force to replace it, or give another folder`,
    );
  requireSame(path, settings, other);
  return rows;
}

function requireSame(path: string, settings: Settings, other: Settings): void {
  const differing = Object.keys({ ...settings, ...other }).find(
    (key) => JSON.stringify(other[key]) !== JSON.stringify(settings[key]),
  );
  if (differing === undefined) return;
  const remedy = "go on with the same options, add --force to begin anew, or give another folder";
  throw new TokensphereError("usage", `${path}: has another ${differing}. ${remedy}`);
}

/** Tells how far a sweep is that had `had` of its work done before, 0 to 1, and how long the rest will take. */
export function sweepProgress(effects: Effects, had: number, label: string): (fraction: number) => void {
  const begin = effects.seconds();
  return (fraction) => {
    const left = timeLeft(effects.seconds() - begin, fraction - had, 1 - fraction);
    effects.progress.update(fraction, `${label}${left}`);
  };
}

/** In words, from the seconds that a part took; nothing is known before a fiftieth of the way. */
function timeLeft(seconds: number, part: number, rest: number): string {
  if (part < 0.02) return "";
  const left = (seconds * rest) / part;
  return left < 100 ? `, ${Math.ceil(left)} s left` : `, ${Math.ceil(left / 60)} min left`;
}
