import { describe, expect, it } from "vitest";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { resolvePolicy } from "../../probes/policy/policy.ts";
import { selectTokens } from "../../probes/policy/select-tokens.ts";
import { probeLayer } from "../../probes/probe-layer.ts";

/** Two rows of five positions in two dimensions; coordinate 0 names row, layer and position. */
function states(special: readonly number[] | null = [1, 0, 0, 1, 0, 1, 0, 0, 0, 1]): HiddenStates {
  const layer = (l: number) =>
    Float32Array.from({ length: 20 }, (_, p) => (p % 2 === 0 ? 100 * Math.floor(p / 10) + 10 * l + ((p / 2) % 5) : 1));
  return {
    batch: 2,
    n: 5,
    d: 2,
    layers: [
      { layer: 0, x: layer(0) },
      { layer: "final_norm", x: layer(1) },
    ],
    mask: Uint8Array.from([1, 1, 1, 1, 0, 1, 1, 1, 1, 1]),
    special: special && Uint8Array.from(special),
    tokens: null,
  };
}

const drop = resolvePolicy();
const keep = resolvePolicy({ specialTokens: "keep" });
const only = resolvePolicy({ specialTokens: "only" });

describe("selectTokens", () => {
  it("takes the row and layer asked for, without padding and special tokens", () => {
    const selection = selectTokens(states(), 0, 1, drop);
    expect(selection).toMatchObject({ indices: [1, 2], specialKnown: true, row: 0, layer: "final_norm" });
    expect(selection.cloud).toEqual({ n: 2, d: 2, x: Float32Array.from([11, 1, 12, 1]) });
  });

  it("keeps special tokens when asked, but never padding", () => {
    expect(selectTokens(states(), 0, 0, keep).indices).toEqual([0, 1, 2, 3]);
    expect(selectTokens(states(), 1, 0, keep).indices).toEqual([0, 1, 2, 3, 4]);
  });

  it("keeps special tokens alone when asked", () => {
    const { indices, cloud } = selectTokens(states(), 1, 0, only);
    expect(indices).toEqual([0, 4]);
    expect(Array.from(cloud.x)).toEqual([100, 1, 104, 1]);
  });

  it("keeps all where nothing says which are special, and says so", () => {
    const selection = selectTokens(states(null), 0, 0, drop);
    expect(selection).toMatchObject({ indices: [0, 1, 2, 3], specialKnown: false });
    expect(probeLayer(states(null), 0, 0).policy).toMatchObject({ specialTokens: "drop", specialKnown: false });
  });

  it("refuses special tokens alone where nothing says which they are", () => {
    const message = "text 0: which of its tokens are special is not known. use `specialTokens: keep`";
    expect(() => selectTokens(states(null), 0, 0, only)).toThrow(expect.objectContaining({ kind: "input", message }));
  });

  it("refuses a text with fewer than two tokens left, with the remedy", () => {
    const lonely = states([1, 0, 1, 1, 0, 1, 1, 1, 1, 1]);
    const one =
      "text 0: 1 token left after the policy; two are needed. give a longer text or use `specialTokens: keep`";
    expect(() => selectTokens(lonely, 0, 0, drop)).toThrow(expect.objectContaining({ kind: "input", message: one }));
    expect(() => selectTokens(lonely, 1, 0, drop)).toThrow(/text 1: 0 tokens left/);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d among the states of counted tokens", (bad) => {
    const broken = states();
    broken.layers[1].x[2 * 2] = bad;
    const message = expect.stringMatching(/^text 0, layer final_norm, token 2: (NaN|Infinity) among its states\. /);
    expect(() => selectTokens(broken, 0, 1, drop)).toThrow(expect.objectContaining({ kind: "input", message }));
    expect(selectTokens(broken, 1, 1, drop).indices).toEqual([1, 2, 3]);
  });

  it("does not mind what padding holds", () => {
    const broken = states();
    broken.layers[0].x[4 * 2] = Number.NaN;
    expect(selectTokens(broken, 0, 0, keep).cloud.n).toBe(4);
  });

  it("names text, layer and token of a zero vector under l2", () => {
    const zero = states();
    zero.layers[0].x.fill(0, 2 * 2, 3 * 2);
    const message = expect.stringMatching(/^text 0, layer 0, token 2: a zero vector has no direction under l2\. /);
    expect(() => probeLayer(zero, 0, 0)).toThrow(expect.objectContaining({ kind: "input", message }));
  });
});
