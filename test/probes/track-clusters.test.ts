import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { connectedComponents } from "../../probes/clusters/clusters.ts";
import { type ClusterEvent, trackClusters } from "../../probes/clusters/track-clusters.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { simulate } from "../../sim/simulate/simulate.ts";

/** "aabb.c" is a layer: tokens of one letter are together, those of a dot alone. */
function layers(...words: readonly string[]): number[][] {
  return words.map((word) => [...word].map((letter, i) => (letter === "." ? -1 - i : letter.charCodeAt(0))));
}

function told({ event, layer, cluster, other, size }: ClusterEvent): string {
  return `${layer} ${event} ${cluster}${other === null ? "" : ` ${other}`} (${size})`;
}

const events = (...words: readonly string[]) => trackClusters(layers(...words)).events.map(told);

describe("clusters over layers", () => {
  it("are born, keep their number, and merge into that which brings more tokens", () => {
    const { ids, events: all, components } = trackClusters(layers("aa....", "aabbb.", "xxyyy.", "zzzzz."));
    expect(all.map(told)).toEqual(["0 birth 0 (2)", "1 birth 1 (3)", "3 merge 0 1 (2)"]);
    expect(ids.map((each) => [...each].join())).toEqual([
      "0,0,-1,-1,-1,-1",
      "0,0,1,1,1,-1",
      "0,0,1,1,1,-1",
      "1,1,1,1,1,-1",
    ]);
    expect(components).toEqual([5, 3, 3, 2]);
  });

  it("of equal size the older keeps its number", () => {
    expect(events("aabb", "cccc")).toEqual(["0 birth 0 (2)", "0 birth 1 (2)", "1 merge 1 0 (2)"]);
  });

  it("split where most tokens of the new one come from one that goes on, and die where theirs part", () => {
    expect(events("aaaaa", "bbbcc")).toEqual(["0 birth 0 (5)", "1 split 1 0 (2)"]);
    expect(events("aaa.", "...."), "parted").toEqual(["0 birth 0 (3)", "1 death 0 (3)"]);
    // One token of it is no cluster that goes on.
    expect(events("aab", "a.b")).toEqual(["0 birth 0 (2)", "1 death 0 (2)"]);
  });

  it("rest on plateaus of three layers and more", () => {
    expect(trackClusters(layers("aabb", "aabb", "cccc")).plateaus).toEqual([]);
    const { plateaus } = trackClusters(layers("....", "....", "....", "aabb", "aabb", "aabb", "aaaa"));
    expect(plateaus).toEqual([{ from: 3, to: 5, components: 2, clusters: 2 }]);
  });

  it("rest where not more than 1 % of the tokens change the number of components from layer to layer", () => {
    // 200 tokens, of which the first so many are together: 200 − count + 1 components.
    const run = (...counts: readonly number[]) =>
      trackClusters(counts.map((count) => Array.from({ length: 200 }, (_, i) => (i < count ? 0 : i)))).plateaus;
    expect(run(50, 52, 54, 90)).toEqual([{ from: 0, to: 2, components: 151, clusters: 1 }]);
    expect(run(50, 52, 55, 90)).toEqual([]);
  });

  it("that exchange as many tokens as they keep do not rest: what is told hangs on more than their number", () => {
    // Two tokens change sides: as many components, no event. A third that leaves is one component more.
    expect(trackClusters(layers("aaabbb", "aaabbb", "aab.bb")).plateaus).toEqual([]);
  });
});

describe("SA from six clusters on a circle", () => {
  /** Pairs of clusters .4, .6 and .8 apart, far from the others: on the circle who is nearer merges sooner. */
  const CENTRES = [0, 0.4, 1.9, 2.5, 4, 4.8] as const;
  const EACH = 3;

  it("merges the three pairs in the order of their distances, and is told so", async () => {
    const random = randomSource(11);
    const angles = CENTRES.flatMap((centre) => Array.from({ length: EACH }, () => centre + 0.02 * (random() - 0.5)));
    const x0 = Float64Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
    const times = Array.from({ length: 41 }, (_, k) => k / 2);
    const labels: Uint32Array[] = [];
    const n = angles.length;
    await simulate(
      { dynamics: "sa", n, d: 2, systems: [{ beta: 9, x0 }], times },
      {
        save(_system, _index, _t, cloud) {
          labels.push(connectedComponents(innerProducts(cloud, true), n, 0.98));
          return true;
        },
      },
    );
    const { events: all, plateaus, components } = trackClusters(labels);
    expect(all.slice(0, 6).map(told)).toEqual([0, 1, 2, 3, 4, 5].map((id) => `0 birth ${id} (${EACH})`));
    const merges = all.slice(6);
    expect(merges.map(({ event, cluster, other }) => `${event} ${cluster} ${other}`).slice(0, 3)).toEqual([
      "merge 1 0",
      "merge 3 2",
      "merge 5 4",
    ]);
    const [first, second, third] = merges.map(({ layer }) => layer);
    expect([first < second, second < third]).toEqual([true, true]);
    expect(components[0]).toBe(6);
    // Three clusters a third of the circle apart hold out: attraction there is e^(9(cos 2 − 1)), some 1e-6 of that within a pair.
    expect(plateaus.at(-1)).toEqual({ from: third, to: labels.length - 1, components: 3, clusters: 3 });
  });
});
