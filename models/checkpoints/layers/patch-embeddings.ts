import type { Embed } from "./architecture.ts";

/** How an image becomes hidden state 0: patches in a row, learned tokens before them, a learned table of positions. */
export interface PatchEmbeddingFacts {
  /** The convolution that makes the patches, before `.weight` and `.bias`. */
  readonly projection: string;
  readonly channels: number;
  readonly imageSize: number;
  readonly patchSize: number;
  /** Parameters `[1, 1, d]` that stand before the patches. */
  readonly tokens: readonly string[];
  /** Parameter `[1, tokens + patches, d]`. */
  readonly positions: string;
}

/** Draws the embedding of `pixel_values` `[batch, channels, size, size]`. */
export function patchEmbeddings(facts: PatchEmbeddingFacts): Embed {
  const { channels, imageSize, patchSize, tokens } = facts;
  const patches = Math.floor(imageSize / patchSize) ** 2;
  return (draft, { width, sd }) => {
    const normal = { kind: "normal", sd } as const;
    const pixels = draft.input("pixel_values", "float32", ["batch_size", channels, imageSize, imageSize]);
    const kernel = draft.parameter(`${facts.projection}.weight`, [width, channels, patchSize, patchSize], normal);
    const bias = draft.parameter(`${facts.projection}.bias`, [width], { kind: "constant", value: 0 });
    const strides = { strides: { ints: [patchSize, patchSize] } };
    const planes = draft.op("Conv", [pixels, kernel, bias], strides);
    const rows = draft.op("Reshape", [planes, draft.ints([0, width, patches])]);
    const sequence = draft.op("Transpose", [rows], { perm: { ints: [0, 2, 1] } });
    const batch = draft.op("Slice", [draft.op("Shape", [pixels]), draft.ints([0]), draft.ints([1])]);
    const each = draft.op("Concat", [batch, draft.ints([1, width])], { axis: { int: 0 } });
    const before = tokens.map((name) => draft.op("Expand", [draft.parameter(name, [1, 1, width], normal), each]));
    const all = draft.op("Concat", [...before, sequence], { axis: { int: 1 } });
    const n = tokens.length + patches;
    const positions = draft.parameter(facts.positions, [1, n, width], normal);
    const x = draft.op("Add", [all, positions], undefined, "hidden_states.0");
    const lengths = draft.op("Concat", [batch, draft.ints([n])], { axis: { int: 0 } });
    return { x, lengths, mask: null, positions: null };
  };
}
