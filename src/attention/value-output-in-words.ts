import { median } from "../../probes/numerics/quantiles.ts";
import type { ValueOutputRow } from "../run/rows/value-output-row.ts";
import { formatFixed, percent } from "../words/format-number.ts";

/** The heads of blocks that multiply by the same value and output weights, in order of what a table shows. */
export interface ValueOutputBlock {
  readonly layer: number;
  readonly to: number;
  readonly heads: number;
  /** Medians over heads. */
  readonly radius: number | null;
  readonly copying: number | null;
  readonly copying_range: readonly [number, number] | null;
  readonly attractive: number | null;
  readonly identity: number | null;
}

/** Blocks in order; those whose weights are not known are left out. */
export function valueOutputByBlock(rows: readonly ValueOutputRow[]): ValueOutputBlock[] {
  const known = rows.filter(({ head }) => head !== null);
  const layers = [...new Set(known.map(({ layer }) => layer))];
  return layers.map((layer) => {
    const own = known.filter((row) => row.layer === layer);
    const of = (key: "radius" | "copying" | "attractive" | "identity") => own.flatMap((row) => row[key] ?? []);
    return {
      layer,
      to: own[0].to,
      heads: own.length,
      radius: median(of("radius")),
      copying: median(of("copying")),
      copying_range: range(of("copying")),
      attractive: median(of("attractive")),
      identity: median(of("identity")),
    };
  });
}

/** Blocks counted from 1: `3`, or `1–12`. */
export function blocksOf({ layer, to }: Pick<ValueOutputBlock, "layer" | "to">): string {
  return layer === to ? String(layer + 1) : `${layer + 1}–${to + 1}`;
}

/** What value and output weights do to a token, where the theory has V = I; which blocks share them, and which are not known. */
export function valueOutputInWords(rows: readonly ValueOutputRow[]): string {
  const missing = rows.filter(({ head }) => head === null);
  const gaps = missing.map(
    (row) => `Of block${row.layer === row.to ? "" : "s"} ${blocksOf(row)} it is not known: ${row.note}.`,
  );
  const blocks = valueOutputByBlock(rows);
  if (blocks.length === 0) return ["Values and output where the theory has V = I:", ...gaps].join(" ");
  const heads = rows.filter(({ head }) => head !== null);
  const copying = heads.flatMap((row) => row.copying ?? []);
  const identity = heads.flatMap((row) => row.identity ?? []);
  const attractive = heads.flatMap((row) => row.attractive ?? []);
  const whose =
    blocks.length === 1 && blocks[0].to > blocks[0].layer ? sharedBy(blocks[0]) : ofSeveral(heads.length, blocks);
  const told = [
    `Values and output, W_V W_O, where the theory has V = I: ${whose}`,
    `the sum of its eigenvalues over the sum of their moduli is ${spread(copying)} (1 where a head hands on what points the way of the token, −1 where the other way)`,
    `${spread(attractive, true)} of its symmetric part attracts`,
    `its likeness to the identity on the head's own subspace is ${spread(identity)}`,
  ];
  return [`${told[0]}: ${told.slice(1).join(", ")}.`, ...gaps].join(" ");
}

function sharedBy(block: ValueOutputBlock): string {
  const heads = `${block.heads} head${block.heads === 1 ? "" : "s"}`;
  return `one spectrum of ${heads} for blocks ${blocksOf(block)}, which share their weights`;
}

function ofSeveral(heads: number, blocks: readonly ValueOutputBlock[]): string {
  const count = blocks.reduce((sum, { layer, to }) => sum + to - layer + 1, 0);
  return `${heads} head${heads === 1 ? "" : "s"} in ${count} block${count === 1 ? "" : "s"}`;
}

/** The median, and least and largest. */
function spread(values: readonly number[], asShare = false): string {
  const show = (value: number) => (asShare ? percent(value) : formatFixed(value));
  const [middle, ends] = [median(values), range(values)];
  if (middle === null || ends === null) return "unknown";
  return ends[0] === ends[1]
    ? show(middle)
    : `${show(middle)} in the median head (${show(ends[0])} to ${show(ends[1])})`;
}

function range(values: readonly number[]): readonly [number, number] | null {
  return values.length === 0 ? null : [Math.min(...values), Math.max(...values)];
}
