import { describe, expect, it } from "vitest";
import type { Model } from "../../models/open-model.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { isCausal } from "../../src/intervention/is-causal.ts";
import type { StateSource } from "../../src/sources/state-source.ts";
import { statesOf } from "../fit/simulated-states.ts";

const N = 6;

/** States of a "network" in which token i is the sum of those it sees. */
function toyStates(looksBack: boolean, removed: Uint8Array = new Uint8Array(N)): HiddenStates {
  const seen = (i: number, j: number) => removed[j] === 0 && (!looksBack || j <= i);
  const row = (i: number) =>
    Array.from({ length: N }, (_, j) => (seen(i, j) ? (j + 1) ** 2 : 0)).reduce((a, b) => a + b, 0);
  const first = Float32Array.from({ length: N }, (_, i) => i + 1);
  return statesOf([first, Float32Array.from({ length: N }, (_, i) => row(i))], N, 1);
}

function withAttention(states: HiddenStates, above: number): HiddenStates {
  const probabilities = Float32Array.from({ length: N * N }, (_, p) => (p % N <= Math.floor(p / N) ? 0.1 : above));
  return { ...states, attentions: [{ layer: 0, heads: 1, probabilities }] };
}

/** A source whose model runs the toy; `null`: saved states. */
function sourceOf(looksBack: boolean | null, causal?: boolean): { readonly source: StateSource; runs: number } {
  const counted = { runs: 0 };
  const model = {
    removal: () => "mask",
    states: async (_input: unknown, { removed }: { readonly removed: Uint8Array }) => {
      counted.runs++;
      return toyStates(looksBack ?? false, removed);
    },
  } as unknown as Model;
  async function* inputs() {
    yield { name: "t", text: "t", input: "t", many: false };
  }
  const opened = looksBack === null ? null : { model, inputs };
  const source = { kind: "model", name: "toy", opened, causal } as unknown as StateSource;
  return Object.assign(counted, { source });
}

describe("whether tokens see only what comes before them", () => {
  it.each([
    ["attention without a future", 0, true],
    ["attention with one", 0.1, false],
  ])("is read off %s, and the model is not run again", async (_what, above, causal) => {
    const own = sourceOf(!causal);
    const states = withAttention(toyStates(causal), above);
    expect(await isCausal(own.source, { name: "t", text: null, states })).toBe(causal);
    expect(own.runs).toBe(0);
  });

  it.each([true, false])("is asked of a model whose attention is hidden: %s", async (looksBack) => {
    const own = sourceOf(looksBack);
    expect(await isCausal(own.source, { name: "t", text: null, states: toyStates(looksBack) })).toBe(looksBack);
    expect(own.runs).toBe(1);
  });

  it("is of saved states what they or their run recorded, else not known", async () => {
    const batch = { name: "t", text: null, states: toyStates(true) };
    expect(await isCausal(sourceOf(null, true).source, batch)).toBe(true);
    expect(await isCausal(sourceOf(null).source, batch)).toBeNull();
    const said = { ...batch, states: { ...batch.states, causal: false } };
    expect(await isCausal(sourceOf(null, true).source, said)).toBe(false);
  });
});
