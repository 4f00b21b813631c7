import { describe, expect, test } from "vitest";
import type { MidStates } from "../../models/stream/hidden-states.ts";
import { connectedComponents } from "../../probes/clusters/clusters.ts";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { openExplorer } from "../../src/explorer/explorer.ts";
import { readAddress, writeAddress } from "../../src/explorer/page/address.ts";
import { clustersAt, countClusters, followNames, leafOrder } from "../../src/explorer/page/clusters.ts";
import type { ExplorerData } from "../../src/explorer/page/data-shape.ts";
import { decodeSeries, gramCell, hasRow, histogramOf, neighbours, treeOf } from "../../src/explorer/page/decode.ts";
import { openingLayer, rowOf } from "../../src/explorer/page/steps.ts";
import { pointAt, seenFrom, turnToTokens } from "../../src/explorer/page/turn.ts";
import { nearestText } from "../../src/explorer/page/words.ts";
import { shownWords } from "../../src/explorer/shown-words.ts";
import { observeText } from "../../src/fit/observe.ts";
import { EXPLORER } from "../../src/formats/explorer-format.ts";
import { formatFault } from "../../src/formats/read-format.ts";
import { runAgain } from "../../src/report/run-again.ts";
import { seenExplorer, seenStates, smallFit } from "./seen-run.ts";

/** int16 of a cosine: half a step of 1/32767. */
const STEP = 0.5 / 32767 + 1e-9;

const STATES = seenStates({ n: 20, layers: 4 });

function networkOf(states = STATES) {
  const text = seenExplorer([states]).data()!.texts[0];
  return decodeSeries(text.series[0], text, states.layers.length);
}

/** Inner products of the states themselves, i < j. */
function products(layer: number): (i: number, j: number) => number {
  const cloud = observeText(STATES, 0, [0, 1, 2, 3], defaultPolicy).clouds[layer];
  const pairs = innerProducts(cloud, true);
  const { n } = cloud;
  return (i, j) => {
    const [a, b] = i < j ? [i, j] : [j, i];
    return pairs[(a * (2 * n - a - 1)) / 2 + b - a - 1];
  };
}

describe("what a page explores", () => {
  test("has the six nearest of every token as the states have them", () => {
    const series = networkOf();
    for (const layer of [0, 3]) {
      const product = products(layer);
      for (let i = 0; i < 20; i++) {
        const others = Array.from({ length: 20 }, (_, j) => j).filter((j) => j !== i);
        const expected = others
          .map((j) => product(i, j))
          .sort((a, b) => b - a)
          .slice(0, 6);
        const found = neighbours(series, layer, i);
        expect(found).toHaveLength(6);
        for (const [k, { token, cosine }] of found.entries()) {
          expect(Math.abs(cosine - expected[k])).toBeLessThan(STEP);
          expect(Math.abs(cosine - product(i, token))).toBeLessThan(STEP);
        }
      }
    }
  });

  test("has the clusters of every threshold, though only a tree is kept of all pairs", () => {
    const series = networkOf();
    const product = products(2);
    const pairs = Array.from({ length: 20 }, (_, i) => i).flatMap((i) =>
      Array.from({ length: 19 - i }, (_, k) => product(i, i + 1 + k)),
    );
    for (const threshold of [-0.5, 0.2, 0.6, 0.8, 0.95, 1]) {
      const ours = clustersAt(treeOf(series, 2), threshold);
      const labels = connectedComponents(pairs, 20, threshold);
      for (let i = 0; i < 20; i++) {
        for (let j = i + 1; j < 20; j++) expect(ours[i] >= 0 && ours[i] === ours[j]).toBe(labels[i] === labels[j]);
      }
    }
  });

  test("orders tokens so that the clusters of every threshold lie together", () => {
    const tree = treeOf(networkOf(), 3);
    const order = [...leafOrder(tree)];
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    for (const threshold of [0.5, 0.8, 0.9, 0.97]) {
      const clusters = order.map((token) => clustersAt(tree, threshold)[token]);
      const changes = clusters.filter((one, k) => one >= 0 && one !== clusters[k - 1]).length;
      expect(changes).toBe(new Set(clusters.filter((one) => one >= 0)).size);
    }
  });

  test("counts every pair once in its histograms and shows each product in the matrix", () => {
    const series = networkOf();
    const total = histogramOf(series, 1).reduce((sum, share) => sum + share, 0);
    // 80 shares, each rounded to 1 / 65535.
    expect(Math.abs(total - 1)).toBeLessThan(40 / 65535);
    const order = leafOrder(treeOf(series, 1));
    const product = products(1);
    for (const [a, b] of [
      [0, 1],
      [3, 17],
      [19, 4],
    ]) {
      // int8: half a step of 1/127.
      expect(Math.abs(gramCell(series, 1, a, b) - product(order[a], order[b]))).toBeLessThan(0.5 / 127 + 1e-9);
    }
    expect(gramCell(series, 1, 5, 5)).toBe(1);
  });

  test("projects orthogonally: no point is longer than its token, and the kept share is that of the points", () => {
    const series = networkOf();
    const point: [number, number, number] = [0, 0, 0];
    const squares = Array.from({ length: 20 }, (_, i) => pointAt(series, 2, i, point) ** 2);
    for (const square of squares) expect(square).toBeLessThan(1 + 1e-4);
    expect(squares.reduce((a, b) => a + b, 0) / 20).toBeCloseTo(series.kept[2], 3);
  });

  test("loses nothing of tokens in three dimensions", () => {
    const { kept } = networkOf(seenStates({ n: 9, d: 3, layers: 2 }));
    for (const share of kept) expect(share).toBeCloseTo(1, 3);
  });

  test("adds what families predict: at the start the network, no layer before it", async () => {
    const explorer = seenExplorer([STATES], 2);
    await explorer.predict(smallFit(4, 1));
    const data = explorer.data()!;
    expect(formatFault(EXPLORER, data)).toBeNull();
    const [text] = data.texts;
    expect(text.series.map(({ name }) => name)).toEqual(["network", "sa", "averaging"]);
    const [network, sa] = text.series.map((series) => decodeSeries(series, text, 4));
    expect([0, 1, 2, 3].map((layer) => hasRow(sa, layer))).toEqual([false, true, true, true]);
    expect(sa.meanCosine[1]).toBeCloseTo(network.meanCosine[1]!, 4);
    expect(sa.meanCosine[3]).toBeGreaterThan(sa.meanCosine[1]!);
    expect(nearestText(sa, data.layers, 0, 3, text.words)).toBe("SA: no prediction of this layer");
  });

  test("shows something of one layer, of two tokens, and of states without tokens", () => {
    const one = seenExplorer([seenStates({ n: 2, layers: 1, tokens: null })]).data()!;
    expect(one.layers).toEqual([0]);
    expect(one.texts[0]).toMatchObject({ n: 2, shown: 2, words: null });
    const series = decodeSeries(one.texts[0].series[0], one.texts[0], 1);
    expect(neighbours(series, 0, 0)).toHaveLength(1);
    expect(nearestText(series, [0], 0, 0, null)).toMatch(/^network: #1 −?[01]\.\d\d$/);
  });

  test("keeps within its room: the first tokens of a long text, the first of many texts", () => {
    const long = seenExplorer([seenStates({ n: 600, d: 3, layers: 1 })]).data()!;
    expect(long.texts[0]).toMatchObject({ n: 600, shown: 512 });
    const deep = seenStates({ n: 64, d: 3, layers: 97 });
    const many = seenExplorer(Array.from({ length: 6 }, () => deep)).data()!;
    expect(many.texts.length).toBeGreaterThan(0);
    expect(many.texts_left_out).toBe(6 - many.texts.length);
    expect(many.texts_left_out).toBeGreaterThan(0);
    expect(JSON.stringify(many).length).toBeLessThan(2_200_000);
  });

  test("leaves out a text that cannot be brought to the sphere", () => {
    const { layers, ...rest } = seenStates({ n: 5, layers: 2 });
    const nowhere = { ...rest, layers: layers.map(({ layer, x }) => ({ layer, x: new Float32Array(x.length) })) };
    expect(seenExplorer([nowhere]).data()).toBeNull();
    expect(seenExplorer([nowhere, STATES]).data()).toMatchObject({ texts: [{ text: 1 }], texts_left_out: 1 });
  });
});

describe("half-steps", () => {
  const mid = seenStates({ n: 20, layers: 4, seed: 9 }).layers.slice(0, 3) as MidStates[];
  const dataOf = (residMid: readonly MidStates[], predictions = 0, n = 20) =>
    seenExplorer([{ ...seenStates({ n, layers: 4 }), residMid }], predictions);

  test("stand behind the layers of the network, as they were measured, and change nothing of these", async () => {
    const explorer = dataOf(mid, 2);
    await explorer.predict(smallFit(4));
    const data = explorer.data()!;
    expect(formatFault(EXPLORER, data)).toBeNull();
    const [text] = data.texts;
    const [network, sa] = text.series.map((series) => decodeSeries(series, text, 4));
    expect([network, sa].map(({ rows }) => rows)).toEqual([7, 4]);
    expect([network, sa].map((series) => rowOf(series, 1.5))).toEqual([5, 1]);
    const between = decodeSeries(seenExplorer([{ ...STATES, layers: mid }]).data()!.texts[0].series[0], text, 3);
    expect(network.meanCosine.slice(4)).toEqual(between.meanCosine);
    expect(neighbours(network, rowOf(network, 1.5), 3)).toEqual(neighbours(between, 1, 3));
    const alone = networkOf();
    expect(network.meanCosine.slice(0, 4)).toEqual(alone.meanCosine);
    expect(network.points.slice(0, alone.points.length)).toEqual(alone.points);
    expect(nearestText(network, data.layers, 1.5, 3, text.words)).toMatch(/^network: w\d+ /);
    expect(nearestText(sa, data.layers, 1.5, 3, text.words)).toMatch(/^SA after layer 1: w\d+ /);
  });

  test("are moved through on the way from layer to layer", () => {
    const [text] = dataOf(mid).data()!.texts;
    const series = decodeSeries(text.series[0], text, 4);
    const at = (depth: number) => {
      const point: [number, number, number] = [0, 0, 0];
      pointAt(series, depth, 3, point);
      return point;
    };
    const [half, layer] = [at(1.5), at(2)];
    expect(half.map((p) => Math.round(p * 32767))).toEqual([
      ...series.points.slice((5 * 20 + 3) * 3, (5 * 20 + 4) * 3),
    ]);
    expect(at(1.75)[0]).toBeCloseTo((half[0] + layer[0]) / 2, 12);
  });

  test("are all there or none: not where a block has none, not where tokens would be left out for them", () => {
    const rows = (explorer: ReturnType<typeof dataOf>) => explorer.data()!.texts[0].series[0].mean_cosine.length;
    expect(rows(dataOf(mid.slice(1)))).toBe(4);
    const deep = (layers: number) => {
      const states = seenStates({ n: 64, d: 3, layers });
      return seenExplorer([{ ...states, residMid: states.layers.slice(0, -1) as MidStates[] }]);
    };
    expect(rows(deep(100))).toBe(199);
    expect(rows(deep(130))).toBe(130);
    expect(deep(130).data()!.texts[0].shown).toBe(64);
  });

  test("are held for an explorer only while there may be room for them", () => {
    const explorer = openExplorer(3);
    const states = { ...seenStates({ n: 300, d: 2, layers: 12 }), residMid: [] };
    const held = Array.from({ length: 4 }, () => "residMid" in explorer.needed(states));
    expect(held).toEqual([true, true, false, false]);
    expect(explorer.needed({ ...states, attentions: [] })).not.toHaveProperty("attentions");
  });
});

describe("names of clusters", () => {
  test("follow most of their tokens, the largest first, and new ones take the least free", () => {
    const before = Int16Array.of(4, 4, 4, 0, 0, -1);
    expect([...followNames(Int16Array.of(1, 0, 0, 0, 0, 1), before)]).toEqual([4, 0, 0, 0, 0, 4]);
    expect([...followNames(Int16Array.of(0, 0, 1, 1, -1, -1), null)]).toEqual([0, 0, 1, 1, -1, -1]);
    expect(countClusters(Int16Array.of(0, 0, 1, 1, -1, -1))).toEqual({ clusters: 2, tokens: 4 });
  });
});

test("a page opens at the last layer that the network and what stands beside it have", () => {
  const series = (name: string, ...mean_cosine: (number | null)[]) => ({ name, mean_cosine });
  const all = [
    series("network", 0.1, 0.2, 0.3, null),
    series("sa", 0.1, 0.2, null, null),
    series("usa", 0.1, 0.2, 0.3, 0.4),
  ];
  const data = { layers: [1, 2, 3, 4], texts: [{ series: all }] } as unknown as ExplorerData;
  expect(["sa", "usa", null].map((beside) => openingLayer(data, beside))).toEqual([2, 3, 3]);
});

describe("an address", () => {
  const usual = { text: 0, layer: 0, token: null, family: "sa", join: 0.8, view: "both" };
  test("keeps a moment and gives it back", () => {
    const moment = { text: 2, layer: 9, token: 28, family: "my&family", join: 0.65, view: "difference" };
    expect(readAddress(writeAddress(moment, usual), usual)).toEqual(moment);
    expect(readAddress("#layer=9&token=28&family=sa", usual)).toEqual({ ...usual, layer: 9, token: 28 });
  });
  test("that says nothing sensible is as usual", () => {
    expect(readAddress("#layer=x&token=&join=NaN", usual)).toEqual(usual);
  });
});

test("both spheres turn without changing lengths; the first turn brings the tokens before", () => {
  const seen = seenFrom([0.2, -0.5, 0.4], { about: 0.7, towards: -0.3 });
  expect(Math.hypot(...seen)).toBeCloseTo(Math.hypot(0.2, 0.5, 0.4), 12);
  for (const p of [
    [3000, -20000, 9000],
    [-9000, 100, -30000],
  ]) {
    const [right, , near] = seenFrom(p as [number, number, number], turnToTokens(Int16Array.from(p)));
    expect(Math.abs(right)).toBeLessThan(1e-6);
    expect(near).toBeGreaterThan(0);
  }
});

test("words have the spaces that their tokenizer marked", () => {
  expect(shownWords(["▁the", "▁hat", "ter"]).join("")).toBe(" the hatter");
  expect(shownWords(["The", "Ġking", "'s"]).join("")).toBe("The king's");
  expect(shownWords(["hat", "##ter", "fell"]).join("")).toBe(" hatter fell");
});

test("the command that makes a run again has its source, its texts and what was left out, quoted", () => {
  const manifest = {
    command: "compare",
    arguments: {
      model: "org/model",
      seed: 3,
      updates: false,
      control: true,
      families: ["sa", "usa"],
      betaRange: [0.05, 60],
      randomInit: null,
      text: ["it's a cat"],
      out: "/somewhere",
    },
  };
  expect(runAgain(manifest)).toBe(
    "npx tokensphere compare org/model --seed 3 --no-updates --families sa,usa --beta-range 0.05,60 --text 'it'\\''s a cat'",
  );
});
