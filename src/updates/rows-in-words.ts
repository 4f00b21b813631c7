import { median } from "../../probes/numerics/quantiles.ts";
import { lawNamed } from "../laws/laws.ts";
import { digits, percentRange } from "../words/format-number.ts";
import { listInWords } from "../words/list-in-words.ts";
import { FIELDS } from "./fields.ts";
import type { UpdateRow } from "./update-row.ts";

/** " at β = 8.1 (6.0–10.2)": the median of the best and their range over steps. */
export function betasInWords(rows: readonly UpdateRow[]): string {
  const betas = rows.flatMap(({ beta }) => (beta === null ? [] : [beta]));
  const middle = median(betas);
  if (middle === null) return "";
  const [least, most] = [Math.min(...betas), Math.max(...betas)];
  const range = short(least) === short(most) ? "" : ` (${short(least)}–${short(most)})`;
  return ` at β = ${short(middle)}${range}`;
}

/** "5–13 %". */
export function shares(values: readonly (number | null)[]): string {
  const known = values.flatMap((value) => (value === null ? [] : [Math.max(0, value)]));
  return known.length === 0 ? "unknown" : percentRange(known);
}

/** "the steps from layers 0 to 3 and 5". */
export function stepsInWords(rows: readonly UpdateRow[]): string {
  const layers = [...new Set(rows.map(({ layer }) => layer))].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const layer of layers) {
    const last = runs.at(-1);
    if (last && last[1] === layer - 1) last[1] = layer;
    else runs.push([layer, layer]);
  }
  const named = runs.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  if (layers.length === 1) return `the step from layer ${named[0]}`;
  return `the steps from layers ${listInWords(named)}`;
}

/** Two digits: more would be read as sure. */
function short(beta: number): string {
  return digits(beta, 2);
}

export function labelOf(field: string): string {
  return FIELDS.find(({ name }) => name === field)?.label ?? lawNamed(field)?.label ?? field;
}
