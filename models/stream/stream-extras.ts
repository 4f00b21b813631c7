import { option, TokensphereError } from "../errors.ts";
import type { ResidualStream } from "./residual-stream.ts";

/** What is read of a model besides its hidden states; only what is asked for is computed. */
export interface StreamExtras {
  /** The stream between attention and MLP of every block that has it; default false. */
  readonly residMid?: boolean;
  /** Attention probabilities, heads · n² numbers a block; default false. */
  readonly attentions?: boolean;
}

/** The tensors of the extras asked for. */
export function extraTensors(stream: ResidualStream, { residMid, attentions }: StreamExtras): string[] {
  return [
    ...(residMid ? stream.residMid.filter((tensor) => tensor !== null) : []),
    ...(attentions ? stream.attentions.flat() : []),
  ];
}

/**
 * Says which blocks lack what was asked for.
 *
 * @throws TokensphereError `input` where no block has it.
 */
export function checkExtras(
  stream: ResidualStream,
  { residMid, attentions }: StreamExtras,
  warn: (message: string) => void,
): void {
  if (residMid) {
    const why = "attention and MLP are added at once";
    const remedy = `leave out ${option("residMid")}`;
    checkBlocks(
      "resid_mid",
      blocksWithout(stream.residMid.map((tensor) => tensor !== null)),
      stream,
      why,
      remedy,
      warn,
    );
  }
  if (attentions) {
    const why = "a fused operator keeps them to itself";
    const remedy = "give an export that is not fused, or the checkpoint";
    const missing = blocksWithout(stream.attentions.map((tensors) => tensors.length > 0));
    checkBlocks("attention probabilities", missing, stream, why, remedy, warn);
  }
}

/** Blocks counted from 1 as lists and ranges: `1, 3–6`. */
export function blocksInWords(blocks: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const block of blocks) {
    const last = runs.at(-1);
    if (last && last[1] === block - 1) last[1] = block;
    else runs.push([block, block]);
  }
  return runs
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`))
    .join(", ");
}

function blocksWithout(has: readonly boolean[]): number[] {
  return has.flatMap((yes, k) => (yes ? [] : [k + 1]));
}

function checkBlocks(
  what: string,
  missing: readonly number[],
  { layers }: ResidualStream,
  why: string,
  remedy: string,
  warn: (message: string) => void,
): void {
  if (missing.length === 0) return;
  if (missing.length === layers) {
    throw new TokensphereError("input", `no ${what}: in all ${layers} blocks ${why}. ${remedy}`);
  }
  const named = `block${missing.length === 1 ? "" : "s"} ${blocksInWords(missing)}`;
  warn(`no ${what} of ${named} of ${layers}: ${why}`);
}
