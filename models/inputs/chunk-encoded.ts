import { option, TokensphereError } from "../errors.ts";
import type { EncodedText } from "./tokenizer.ts";

/** How a long text is cut into windows. */
export interface ChunkPolicy {
  /** Most tokens of a window, the template's included; null: as many as the model takes. */
  readonly size: number | null;
  /** The text's own tokens that a window shares with the one before. */
  readonly overlap: number;
}

/** A window of a text, as a text of its own. */
export interface EncodedChunk {
  readonly encoded: EncodedText;
  /** Its own tokens are those `[from, to)` of the text's. */
  readonly from: number;
  readonly to: number;
}

/** A cloud of fewer tokens has no pairs. */
const FEWEST = 2;

/**
 * Cuts a text into windows of equal length, each with the tokens that the template puts before and after a text; the
 * last is as long as what is left, but has two tokens of the text's own at least (it then takes one of the window before).
 * A text that fits is one window.
 *
 * @param encoded the whole text, with its template.
 * @param limit most tokens that the model takes; Infinity where nothing limits them.
 * @throws TokensphereError `usage` for windows that the model does not take or that do not move on.
 */
export function chunkEncoded(encoded: EncodedText, { size, overlap }: ChunkPolicy, limit: number): EncodedChunk[] {
  const own = [...encoded.special.keys()].filter((i) => encoded.special[i] === 0);
  const before = own[0] ?? 0;
  const after = (own[own.length - 1] ?? encoded.ids.length - 1) + 1;
  const length = windowLength(size, limit, encoded.ids.length - (after - before), overlap);
  const count = after - before;
  const cut = (from: number, to: number): EncodedChunk => {
    const kept = [...range(0, before), ...range(before + from, before + to), ...range(after, encoded.ids.length)];
    return { encoded: pick(encoded, kept), from, to };
  };
  const chunks: EncodedChunk[] = [];
  for (let from = 0; ; from += length - overlap) {
    const to = Math.min(count, from + length);
    chunks.push(cut(Math.min(from, Math.max(0, to - FEWEST)), to));
    if (to === count) return chunks;
  }
}

/** Tokens of the text's own in a window. */
function windowLength(size: number | null, limit: number, template: number, overlap: number): number {
  const wanted = size ?? limit;
  if (wanted === Number.POSITIVE_INFINITY) {
    throw new TokensphereError(
      "usage",
      `${option("chunk", "max")}: nothing limits this model's texts. give a number of tokens`,
    );
  }
  if (wanted > limit)
    throw new TokensphereError("usage", `${option("chunk")}: ${wanted} tokens, the model takes ${limit}. give fewer`);
  const length = wanted - template;
  if (length < FEWEST || length <= overlap) {
    const what = `${wanted} tokens, ${template} of them the template's, with an overlap of ${overlap}`;
    const remedy = overlap === 0 ? "give longer windows" : "give longer windows or a smaller overlap";
    throw new TokensphereError("usage", `${option("chunk")}: ${what}. ${remedy}`);
  }
  return length;
}

function pick({ ids, tokens, special }: EncodedText, kept: readonly number[]): EncodedText {
  return {
    ids: kept.map((i) => ids[i]),
    tokens: kept.map((i) => tokens[i]),
    special: Uint8Array.from(kept, (i) => special[i]),
    dropped: 0,
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
