import { describe, expect, it } from "vitest";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import { observeTexts } from "../../src/fit/observe.ts";
import { independentStates } from "./simulated-states.ts";

const [N, D] = [6, 4];

/** Two rows, the second with two positions of padding, the first and last counted token of each special. */
function paddedBatch(): HiddenStates {
  const rows = [0, 1].map((row) => independentStates(3, N, D, row + 1));
  const layers = [0, 1, 2].map((layer) => ({
    layer,
    x: Float32Array.from(rows.flatMap((r) => [...r.layers[layer].x])),
  }));
  return {
    batch: 2,
    n: N,
    d: D,
    layers: [...layers, { layer: "final_norm", x: layers[2].x }],
    mask: Uint8Array.of(1, 1, 1, 1, 1, 1, /**/ 1, 1, 1, 1, 0, 0),
    special: Uint8Array.of(1, 0, 0, 0, 0, 1, /**/ 1, 0, 0, 1, 0, 0),
    tokens: null,
  };
}

function kindOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
}

describe("the texts that are fitted", () => {
  it("are the rows of every batch in order, without padding", () => {
    const { texts } = observeTexts([paddedBatch(), independentStates(3, 5, D, 9)], {
      ...defaultPolicy,
      specialTokens: "keep",
    });
    expect(texts.map((t) => t.n)).toEqual([6, 4, 5]);
  });

  it("leave special tokens out, keep them, or take them alone, as the policy says", () => {
    const sizes = (specialTokens: "drop" | "keep" | "only") =>
      observeTexts([paddedBatch()], { ...defaultPolicy, specialTokens }).texts.map((t) => t.n);
    expect([sizes("drop"), sizes("keep"), sizes("only")]).toEqual([
      [4, 2],
      [6, 4],
      [2, 2],
    ]);
  });

  it("keep all tokens where nothing says which are special, and say so", () => {
    const observed = observeTexts([{ ...paddedBatch(), special: null }], defaultPolicy);
    expect(observed.texts.map((t) => t.n)).toEqual([6, 4]);
    expect(observed.specialKnown).toBe(false);
    expect(observeTexts([paddedBatch()], defaultPolicy).specialKnown).toBe(true);
  });

  it("lie on the sphere whatever the policy's scaling is", () => {
    const states = paddedBatch();
    const scaled = { ...states, layers: states.layers.map((l) => ({ ...l, x: l.x.map((v) => 7 * v) })) };
    const { texts } = observeTexts([scaled], { ...defaultPolicy, normalize: "none" });
    for (const { clouds } of texts) {
      for (const { n, x } of clouds) {
        const lengths = Array.from({ length: n }, (_, i) => Math.hypot(...x.subarray(i * D, (i + 1) * D)));
        // One division and one root each.
        for (const length of lengths) expect(Math.abs(length - 1)).toBeLessThan(1e-14);
      }
    }
  });

  it("start at the layer that is asked for and leave the final norm out", () => {
    expect(observeTexts([paddedBatch()], defaultPolicy).layers).toEqual([0, 1, 2]);
    const later = observeTexts([paddedBatch()], defaultPolicy, 1);
    expect(later.layers).toEqual([1, 2]);
    expect(later.texts[0].clouds).toHaveLength(2);
  });
});

describe("states that cannot be fitted", () => {
  it.each([2, 3, 40])("are refused when fewer than two layers are left from layer %i on", (start) => {
    expect(kindOf(() => observeTexts([paddedBatch()], defaultPolicy, start))).toMatchObject({
      kind: "input",
      message: expect.stringMatching(/^start layer: \d+\. .* have 0, 1, 2$/),
    });
  });

  it.each([
    ["layers", independentStates(4, N, D, 1)],
    ["widths", independentStates(3, N, D + 1, 1)],
  ])("are refused when texts differ in their %s", (_what, other) => {
    expect(kindOf(() => observeTexts([paddedBatch(), other], defaultPolicy))).toMatchObject({ kind: "input" });
  });

  it("are refused when a text has one token left", () => {
    const states = { ...independentStates(3, 2, D, 1), mask: Uint8Array.of(1, 0) };
    expect(kindOf(() => observeTexts([states], defaultPolicy))).toMatchObject({ kind: "input" });
  });

  it("are refused when a token has no direction", () => {
    const states = independentStates(3, 3, D, 1);
    states.layers[1].x.fill(0, 0, D);
    expect(kindOf(() => observeTexts([states], defaultPolicy))).toMatchObject({
      kind: "input",
      message: expect.stringContaining("text 0, layer 1, token 0"),
    });
  });
});
