import { describe, expect, it } from "vitest";
import { besideRuns } from "../../src/explorer/beside-runs.ts";
import { decodeSeries, gramCell, hasRow, neighbours, orderOf } from "../../src/explorer/page/decode.ts";
import { EXPLORER } from "../../src/formats/explorer-format.ts";
import { formatFault } from "../../src/formats/read-format.ts";
import { seenExplorer, seenStates, smallFit } from "./seen-run.ts";

const ofLayers = (layers: number, seed: number, n = 20) => seenExplorer([seenStates({ n, layers, seed })]).data()!;

describe("runs of the same text", () => {
  const [short, deep] = [ofLayers(3, 1), ofLayers(5, 2)];
  const beside = besideRuns([
    { name: "short", data: short },
    { name: "deep", data: deep },
  ])!;
  const [text] = beside.texts;
  const [first, second] = text.series.map((series) => decodeSeries(series, text, 5));
  const own = decodeSeries(deep.texts[0].series[0], deep.texts[0], 5);

  it("are one text with a network each, on the layers of all", () => {
    expect(formatFault(EXPLORER, beside)).toBeNull();
    expect(beside.layers).toEqual([0, 1, 2, 3, 4]);
    expect(text.series.map(({ name, label }) => [name, label])).toEqual([
      ["network", "short"],
      ["1/network", "deep"],
    ]);
    expect([0, 1, 2, 3, 4].map((layer) => hasRow(first, layer))).toEqual([true, true, true, false, false]);
  });

  it("keep their neighbours, and their matrices in the order of the first, cell for cell", () => {
    for (const layer of [1, 4]) {
      expect(neighbours(second, layer, 7)).toEqual(neighbours(own, layer, 7));
      const [shown, before] = [orderOf(first, layer), orderOf(own, layer)];
      for (const [a, b] of [
        [0, 1],
        [3, 17],
        [19, 4],
      ]) {
        const [i, j] = [a, b].map((row) => before.indexOf(shown[row]));
        expect(gramCell(second, layer, a, b)).toBe(gramCell(own, layer, i, j));
      }
    }
  });

  it("keep no matrix of blocks, whose tokens are others", () => {
    const [a, b] = [ofLayers(1, 1, 120), ofLayers(1, 2, 120)];
    const { texts } = besideRuns([
      { name: "a", data: a },
      { name: "b", data: b },
    ])!;
    expect(decodeSeries(texts[0].series[1], texts[0], 1).side).toBe(0);
  });
});

it("runs of other texts have each their own, numbered anew", () => {
  const [a, b] = [ofLayers(2, 1), ofLayers(2, 1, 9)];
  const { texts } = besideRuns([
    { name: "a", data: a },
    { name: "b", data: b },
  ])!;
  expect(texts.map(({ text, name, series }) => [text, name, series.length])).toEqual([
    [0, "a: text 0", 1],
    [1, "b: text 0", 1],
  ]);
});

it("another network stands before what the first was fitted with", async () => {
  const explorer = seenExplorer([seenStates({ n: 12, layers: 3 })], 2);
  await explorer.predict(smallFit(3));
  const { texts } = besideRuns([
    { name: "a", data: explorer.data()! },
    { name: "b", data: ofLayers(3, 2, 12) },
    { name: "c", data: ofLayers(3, 3, 12) },
  ])!;
  expect(texts[0].series.map(({ name }) => name)).toEqual(["network", "1/network", "2/network", "sa", "averaging"]);
});

it("no runs with anything to explore are no explorer", () => {
  expect(besideRuns([])).toBeNull();
});
