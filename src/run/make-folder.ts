import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it, and says which were made, the innermost first. Not by `mkdirSync`'s own recursion,
 * which never returns where a file system refuses with ENOENT, as /proc does.
 */
export function makeFolder(path: string): string[] {
  if (existsSync(path)) return [];
  const parents = makeFolder(dirname(path));
  mkdirSync(path);
  return [path, ...parents];
}
