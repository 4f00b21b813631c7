import { randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import { type Explorer, openExplorer, type Predicted } from "../../src/explorer/explorer.ts";
import type { FamilyFit } from "../../src/fit/fit-result.ts";
import { movingFamilies } from "../../src/laws/families.ts";

export interface SeenStates {
  readonly n: number;
  readonly d?: number;
  readonly layers: number;
  /** Default: "▁w0", "▁w1" … */
  readonly tokens?: readonly string[] | null;
  readonly seed?: number;
}

/** States whose tokens draw towards one of three centres, layer by layer. */
export function seenStates({ n, d = 8, layers, tokens, seed = 1 }: SeenStates): HiddenStates {
  const random = randomSource(seed);
  const draw = () => Float64Array.from({ length: d }, () => random() - 0.5);
  const [centres, starts] = [Array.from({ length: 3 }, draw), Array.from({ length: n }, draw)];
  const at = (layer: number) => {
    const part = layer / Math.max(1, layers);
    return Float32Array.from({ length: n * d }, (_, p) => {
      const [i, k] = [Math.floor(p / d), p % d];
      return (1 - part) * starts[i][k] + part * centres[i % 3][k];
    });
  };
  const words = tokens === undefined ? Array.from({ length: n }, (_, i) => `▁w${i}`) : tokens;
  return {
    ...{ batch: 1, n, d, mask: new Uint8Array(n).fill(1), special: new Uint8Array(n) },
    layers: Array.from({ length: layers }, (_, layer) => ({ layer, x: at(layer) })),
    tokens: words && [words],
  };
}

/** An explorer that has seen these states, of a run with a fit or without. */
export function seenExplorer(all: readonly HiddenStates[], predictions = 0): Explorer {
  const explorer = openExplorer(predictions);
  for (const [k, states] of all.entries()) explorer.see(states, defaultPolicy, `text ${k}`);
  return explorer;
}

/** SA and averaging as a fit would have them. */
export function smallFit(layers: number, startLayer = 0): Predicted {
  const values = Array.from({ length: layers - startLayer }, (_, k) => k / 4);
  const fitted = (name: string, beta: number) =>
    ({ name, beta, time: { map: "linear", values } }) as unknown as FamilyFit;
  return {
    families: movingFamilies(["sa"]),
    fit: { families: [fitted("sa", 2)], averaging: fitted("averaging", 0) },
    startLayer,
  };
}
