import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { readHiddenStates } from "../../models/states/read-hidden-states.ts";
import { writeHiddenStates } from "../../models/states/write-hidden-states.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import { type GramEngine, openGramEngine } from "../../probes/products/gram-engine.ts";
import { innerProducts, pairCount } from "../../probes/products/inner-products.ts";
import { measureBatch } from "../../src/measure/measure-batch.ts";
import { readRun } from "../../src/run/read-run.ts";
import { largestPlaces, pairPlace } from "../../src/who/closest-pairs.ts";
import type { CoordinateRow } from "../../src/who/coordinate-row.ts";
import { predictedRows } from "../../src/who/predicted-rows.ts";
import { rogueWarnings } from "../../src/who/rogue-warnings.ts";
import { whoOf } from "../../src/who/who.ts";
import { runCli } from "../cli/run-cli.ts";
import { simulatedStates } from "../fit/simulated-states.ts";

const folder = mkdtempSync(join(tmpdir(), "tokensphere-who-"));
let engine: GramEngine;
beforeAll(async () => {
  engine = await openGramEngine(1);
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Four tokens and a padding on the circle; the first is special. At layer 1 two of them meet. */
const STATES: HiddenStates = {
  batch: 1,
  n: 5,
  d: 2,
  layers: [
    [0, 10, 100, 200, 0],
    [0, 90, 100, 200, 0],
  ].map((degrees, layer) => ({
    layer,
    x: Float32Array.from(
      degrees.flatMap((a) => [2 * Math.cos((a * Math.PI) / 180), 2 * Math.sin((a * Math.PI) / 180)]),
    ),
  })),
  mask: Uint8Array.of(1, 1, 1, 1, 0),
  special: Uint8Array.of(1, 0, 0, 0, 0),
  tokens: [["[CLS]", "a", ",", '"\n', "[PAD]"]],
};

describe("who is near whom", () => {
  it("is told of the tokens that count, by their positions and names", async () => {
    const {
      tokens = [],
      tokenPairs = [],
      clusters,
    } = await measureBatch(engine, STATES, 4, {
      ...{ policy: defaultPolicy, who: { join: 0.9, pairs: 2 }, layers: false },
    });
    expect(tokens.map(({ layer, i, token, cluster, nearest }) => [layer, i, token, cluster, nearest])).toEqual([
      [0, 1, "a", null, 2],
      [0, 2, ",", null, 1],
      [0, 3, '"\n', null, 2],
      [1, 1, "a", 0, 2],
      [1, 2, ",", 0, 1],
      [1, 3, '"\n', null, 2],
    ]);
    const [, , , a, comma] = tokens;
    // States are float32.
    expect(a).toMatchObject({ text: 4, cosine: expect.closeTo(Math.cos(Math.PI / 18), 6), norm: expect.closeTo(2, 6) });
    expect([a.moved, comma.moved]).toEqual([expect.closeTo((80 * Math.PI) / 180, 6), expect.closeTo(0, 6)]);
    expect(tokens[0].moved).toBeNull();
    expect(tokenPairs.map(({ layer, i, j, token_i, token_j }) => [layer, i, j, token_i, token_j])).toEqual([
      [0, 1, 2, "a", ","],
      [0, 2, 3, ",", '"\n'],
      [1, 1, 2, "a", ","],
      [1, 2, 3, ",", '"\n'],
    ]);
    expect(clusters).toEqual([
      { text: 4, layer: 1, event: "birth", cluster: 0, other: null, size: 2, components: 2, until: null },
    ]);
  });

  it("hangs on the cosine at which tokens join", async () => {
    const at = (join: number) =>
      measureBatch(engine, STATES, 0, { policy: defaultPolicy, who: { join }, layers: false });
    const ten = Math.cos(Math.PI / 18);
    expect((await at(ten + 1e-6)).clusters).toEqual([]);
    expect((await at(ten - 1e-6)).clusters).toHaveLength(1);
  });

  it("is not told of a cloud without a name or a neighbour in time", async () => {
    const nothing = (async function* () {})();
    expect(await whoOf(nothing, 0)).toEqual({ tokens: [], tokenPairs: [], clusters: [], coordinates: [] });
  });
});

describe("places of pairs", () => {
  it("are those of the products, for any number of tokens", () => {
    for (const n of [2, 3, 7, 200]) {
      let p = 0;
      for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(pairPlace(p, n)).toEqual({ p: p++, i, j });
      expect(p).toBe(pairCount(n));
    }
  });

  it("of the largest values come largest first, of equal ones in order", () => {
    const values = Float64Array.of(0.1, 0.9, 0.5, 0.9, 0.5);
    expect(largestPlaces(values, 3)).toEqual([1, 3, 2]);
    expect(largestPlaces(values, 99)).toEqual([1, 3, 2, 4, 0]);
    expect(largestPlaces(values, 0)).toEqual([]);
  });
});

describe("pairs that no family comes near", () => {
  const random = randomSource(2);
  const cloud = { n: 12, d: 3, x: Float64Array.from({ length: 36 }, () => random() - 0.5) };
  const pairs = innerProducts(cloud, false);
  const one = { layer: 2, cloud, raw: cloud, pairs, indices: [...Array(12).keys()], token: () => null };

  it("are found where every family is wrong, and not where one is right", () => {
    const [wrong, half] = [pairs.slice(), pairs.slice()];
    wrong[20] += 0.4;
    half[20] -= 0.3;
    wrong[30] += 0.9; // The other family has this one.
    const rows = predictedRows(one, 0, { sa: wrong, usa: half }, 1);
    const { i, j } = pairPlace(20, 12);
    expect(rows.at(-1)).toMatchObject({ i, j, why: "differs", predicted: { sa: wrong[20], usa: half[20] } });
    expect(rows[0]).toMatchObject({ why: "closest", cosine: Math.max(...pairs) });
  });

  it("are said once where they are among the closest too", () => {
    const p = pairs.indexOf(Math.max(...pairs));
    const off = pairs.slice();
    off[p] -= 0.5;
    expect(predictedRows(one, 0, { sa: off }, 1).map(({ why }) => why)).toEqual(["both"]);
    expect(predictedRows(one, 0, {}, 3).map(({ why }) => why)).toEqual(["closest", "closest", "closest"]);
  });
});

describe("a warning of one coordinate", () => {
  const row = { text: 0, coordinate: 5, contribution: 0.2, value: 9, i: 0, token: null, ratio: 4, massive: 0, d: 100 };
  const at = (share: number | null, layer = 3): CoordinateRow => ({ ...row, layer, share });

  it("is given above a third, once for all layers, with the worst", () => {
    expect(rogueWarnings([at(0.33), at(null)])).toEqual([]);
    expect(rogueWarnings([at(0.34, 1), at(0.7, 4)])).toEqual([
      "coordinate 5 carries more than a third of the mean cosine in 2 layers, most in layer 4: 70 %. see what is left with --normalize standardize",
    ]);
  });
});

describe("tokens of saved states", () => {
  it("are read back as they were, and those of two batches by their batch", async () => {
    const path = join(folder, "states.safetensors");
    const other = { ...STATES, tokens: [["x", "y", "z", "", "é"]] };
    await writeHiddenStates(path, [STATES, other]);
    expect((await readHiddenStates(path)).map(({ tokens }) => tokens)).toEqual([STATES.tokens, other.tokens]);
    await writeHiddenStates(path, [{ ...STATES, tokens: null }]);
    expect((await readHiddenStates(path))[0].tokens).toBeNull();
  });

  it("name the pairs of a fit of a file, with a column for each family", async () => {
    const truth = { dynamics: "sa", beta: 4, times: [0, 0.5, 1, 2], n: 14, d: 6, seed: 3 } as const;
    const names = Array.from({ length: 14 }, (_, i) => `t${i}`);
    await writeHiddenStates(join(folder, "sa.safetensors"), [{ ...(await simulatedStates(truth)), tokens: [names] }]);
    const asked = ["fit", "sa.safetensors", "--out", "run", "--families", "sa"];
    expect(await runCli(asked, { cwd: folder })).toMatchObject({ code: 0 });
    const { tokenPairs = [], tokens = [], clusters } = readRun(join(folder, "run")).data;
    expect(tokens.slice(0, 14).map(({ token }) => token)).toEqual(names);
    expect(clusters?.length).toBeGreaterThan(0);
    const last = tokenPairs.filter(({ layer }) => layer === 3);
    expect(last).toHaveLength(pairCount(14)); // Fewer than 200.
    for (const { i, token_i, cosine, predicted } of last) {
      expect(token_i).toBe(`t${i}`);
      // The truth is among the candidates; the fit finds its β and times to about 1 %.
      expect(Math.abs(predicted.sa - cosine)).toBeLessThan(0.05);
    }
    expect(tokenPairs.filter(({ layer }) => layer === 0).every(({ predicted }) => predicted.sa === undefined)).toBe(
      true,
    );
  });
});
