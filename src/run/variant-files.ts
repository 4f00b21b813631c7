import { parquetFile, RUN_FILES } from "./rows/run-files.ts";

/**
 * The name of a run's file for one of several readings of the weights: the first has the usual name, so that whoever
 * knows nothing of readings finds one; `metrics.csv` of another is `metrics-own-heads.csv`.
 */
export function variantFile(file: string, place: number, name: string): string {
  return place === 0 ? file : file.replace(/(?=\.\w+$)/, `-${name}`);
}

/** The usual names of all files of a run. */
export const USUAL_FILES: readonly string[] = [
  ...new Set(Object.values(RUN_FILES).flatMap((file) => [file, parquetFile(file)])),
];

/** Longer ones first: `metrics-mid-own-heads.csv` is of `metrics-mid.csv`. */
const USUAL = USUAL_FILES.toSorted((a, b) => b.length - a.length);

/** The usual name of a reading's file, or the name itself. */
export function usualFile(file: string): string {
  if (USUAL.includes(file)) return file;
  return USUAL.find((usual) => isReadingOf(file, usual)) ?? file;
}

function isReadingOf(file: string, usual: string): boolean {
  const dot = usual.lastIndexOf(".");
  const [stem, ending] = [usual.slice(0, dot), usual.slice(dot)];
  return (
    file.startsWith(`${stem}-`) &&
    file.endsWith(ending) &&
    /^[a-z-]+$/.test(file.slice(stem.length + 1, -ending.length))
  );
}
