import { table } from "../effects/table.ts";
import { fixedDigits } from "../words/format-number.ts";
import { sparkline, thinned } from "../words/sparkline.ts";
import { betaInWords, conclusionInWords, modelInWords, whenInWords } from "./in-words.ts";
import type { RunSummary } from "./run-summary.ts";

/** Layers that a line has room for. */
const MOST_LAYERS = 16;

/** Runs for a terminal, one line each; all sparklines have one scale, from the smaller of 0 and the least mean to 1. */
export function runsTable(runs: readonly RunSummary[], columns: number | null = null): string[] {
  const means = runs.flatMap((run) => run.mean_cosine.map(({ value }) => value));
  const scale = [Math.min(0, ...means), 1] as const;
  const rows = runs.map((run) => [
    run.name,
    whenInWords(run),
    modelInWords(run),
    run.tokens.length > 1 ? `${run.tokens.length} × ${Math.max(...run.tokens)}` : `${run.tokens[0] ?? "–"}`,
    String(run.layers),
    String(run.heads ?? "–"),
    pathOf(run, scale),
    conclusionInWords(run),
    betaInWords(run),
  ]);
  return table(
    ["name", "when (UTC)", "model", "tokens", "layers", "heads", "mean cosine", "conclusion", "beta"],
    rows,
    columns,
  );
}

/** "▁▂▃▄ 0.23 → 0.39": a letter before numbers keeps the column on the left. */
function pathOf({ mean_cosine: means }: RunSummary, scale: readonly [number, number]): string {
  const values = means.map(({ value }) => value);
  if (values.length === 0) return "–";
  const [first, last] = [values[0]!, values.at(-1)!].map((value) => fixedDigits(value, 2));
  return `${sparkline(thinned(values, MOST_LAYERS), scale)} ${first} → ${last}`;
}
