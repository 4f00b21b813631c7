import { existsSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { HalfWritten } from "../effects/half-written.ts";
import { holdsOnlyOurs, isOurs } from "./foreign-file.ts";
import { isRunning } from "./is-running.ts";
import { LOCK } from "./rows/run-files.ts";

/**
 * Removes from a folder what processes left there that ended before their time: drafts of runs, claims, and files that were being
 * written beneath a claim. What a draft had put aside goes back where nothing took its place. What is not ours stays.
 *
 * @param isGone - Whether the process of a number is gone.
 */
export function removeLeftBehind(folder: string, isGone: (pid: number) => boolean = (pid) => !isRunning(pid)): void {
  const names = readdirSync(folder);
  for (const name of names) removeLeftDraft(folder, name, isGone);
  if (!names.includes(LOCK) || !isGone(ownerOf(folder))) return;
  for (const name of names) if (name.endsWith(".part") && isOurs(folder, name)) rmSync(join(folder, name));
  rmSync(join(folder, LOCK), { force: true });
}

/** The same for a place of which a process told that ended before its time, and the folders it had made. */
export function removeHalfWritten({ folder, made }: HalfWritten, isGone?: (pid: number) => boolean): void {
  if (existsSync(folder)) removeLeftBehind(folder, isGone);
  for (const one of made) if (existsSync(one) && readdirSync(one).length === 0) rmdirSync(one);
}

/** The process that has claimed a folder, as its claim says. */
export function ownerOf(folder: string): number {
  return Number(readFileSync(join(folder, LOCK), "utf8"));
}

function removeLeftDraft(folder: string, name: string, isGone: (pid: number) => boolean): void {
  const [, target, pid, kind] = /^\.(.+)\.(\d+)\.(draft|old)$/.exec(name) ?? [];
  const path = join(folder, name);
  if (target === undefined || !isGone(Number(pid)) || !statSync(path).isDirectory()) return;
  if (!holdsOnlyOurs(path)) return;
  if (kind === "old" && !existsSync(join(folder, target))) renameSync(path, join(folder, target));
  else rmSync(path, { recursive: true, force: true });
}
