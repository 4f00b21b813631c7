import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LOCK, RUN_FILES } from "./rows/run-files.ts";
import { USUAL_FILES, usualFile } from "./variant-files.ts";

/** A folder that a command wrote has one of these, and it says so itself: `"format": "tokensphere/…"`. */
const MARKS = [
  RUN_FILES.manifest,
  "simulation.json",
  "inspect.json",
  ...["sweep.json", "clusters.json"],
  ...["mean-field.json", "bifurcation.json", "phases.json", "chaos.json"],
  "schemes.json",
  "comparison.json",
];

/** Everything else that commands write, but figures. */
const OTHERS = [...USUAL_FILES, "sweep.csv", "sweep.parquet", LOCK];

/**
 * The first entry of a folder that no command of ours wrote, by name; `null` where the folder is wholly ours. A folder
 * without a mark is not ours whatever it holds. What an interrupted write left behind (`….part`) counts as its file.
 */
export function foreignFile(folder: string): string | null {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const foreign = entries.find((entry) => !entry.isFile() || !isOurs(folder, entry.name));
  if (foreign) return foreign.name;
  return entries.some(({ name }) => MARKS.includes(name)) ? null : (entries[0]?.name ?? null);
}

/** Whether commands of ours wrote all that a folder holds, whole or not. */
export function holdsOnlyOurs(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).every((entry) => entry.isFile() && isOurs(folder, entry.name));
}

/** Whether a command of ours wrote an entry of a folder, whole or not. */
export function isOurs(folder: string, name: string): boolean {
  if (MARKS.includes(name)) return isMark(join(folder, name));
  const whole = usualFile(name.replace(/(\.data)?\.part$/, ""));
  return [...MARKS, ...OTHERS].includes(whole) || /\.(vl\.json|svg|png)$/.test(whole);
}

function isMark(path: string): boolean {
  try {
    const { format } = JSON.parse(readFileSync(path, "utf8"));
    return typeof format === "string" && format.startsWith("tokensphere/");
  } catch {
    return false;
  }
}
