import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolvePolicy } from "../../probes/policy/policy.ts";
import { type GramEngine, openGramEngine } from "../../probes/products/gram-engine.ts";
import { findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { averaging, sa, usa } from "../../src/updates/attention-fields.ts";
import { dynamicsField } from "../../src/updates/dynamics-field.ts";
import { DEFAULT_FIELDS, fieldNamed } from "../../src/updates/fields.ts";
import { measureUpdates } from "../../src/updates/measure-updates.ts";
import type { UpdateField } from "../../src/updates/update-field.ts";
import type { UpdateRow } from "../../src/updates/update-row.ts";
import { handMadeSa } from "../sim/defined.ts";
import { SKIPS } from "../skips.ts";
import { clouds } from "./oracle-clouds.ts";
import { moved, rowsFor, saVelocity, statesOf, unitCloud } from "./updates-case.ts";

const fit = new URL("../../../shared/fit/", import.meta.url);
const NUMBERS = ["size", "step", "update", "gram", "gram_beyond_mean", "partial", "added", "null", "p"] as const;

/** SA at β = 4 and a random move of every token beside it. */
const x = unitCloud(20, 8, 11);
const y = moved(moved(x, saVelocity(x, 4), 0.2), unitCloud(20, 8, 12).x, 0.03);

describe.skipIf(SKIPS.shared.skipped)("clouds of known law (skipped without ../shared)", () => {
  let engine: GramEngine;
  beforeAll(async () => {
    engine = await openGramEngine(1);
  });
  afterAll(() => engine.close());

  async function means(name: string, field: UpdateField) {
    const states = statesOf(clouds(new URL(`${name}.safetensors`, fit), false));
    const rows = await measureUpdates(
      states,
      0,
      { fields: [field] },
      { policy: resolvePolicy(), across: engine.across },
    );
    const mean = (key: "partial" | "added" | "null_partial") =>
      rows.reduce((sum, row) => sum + (row[key] ?? 0), 0) / rows.length;
    return { partial: mean("partial"), added: mean("added"), null_partial: mean("null_partial"), rows };
  }

  // What an audit with NumPy measured: mean over layers at the best of 12 β, two seeds.
  it.each([
    ["sa_4", sa, 0.98, 1],
    ["usa_2", usa, 0.92, 1],
    ["mlp", sa, 0.09, 0.17],
    ["linear_map", sa, 0.32, 0.59],
    ["permuted", sa, -0.01, 0.04],
  ])("leave %s its share of what needs selection", async (name, field, least, most) => {
    const { partial, null_partial } = await means(name, field);
    expect(partial).toBeGreaterThan(least);
    expect(partial).toBeLessThan(most);
    expect(null_partial).toBeLessThan(0.05);
  });

  it("give β of SA back within 4 %: steps are finite, the field is that of their start", async () => {
    const { rows } = await means("sa_4", sa);
    for (const { beta } of rows) expect(Math.abs((beta ?? 0) - 4)).toBeLessThan(0.16);
  });

  it("have no change to be explained where they turn as one", async () => {
    const { rows } = await means("rotating", sa);
    for (const row of rows)
      expect(row).toMatchObject({ beta: null, added: null, p: null, note: "no inner product changes" });
    expect(rows[0].size).toBeGreaterThan(0.06);
  });
});

describe("a row of the updates", () => {
  it("has the best β with an interval around it, and a null that the field is far above", async () => {
    const [row] = await rowsFor([x, y], { fields: [sa] });
    expect(row).toMatchObject({ text: 0, layer: 0, field: "sa", beta_from: "best", note: "", p: 1 / 200 });
    const [lo, hi] = row.beta_interval ?? [9, 9];
    expect(lo).toBeLessThan(row.beta ?? 0);
    expect(hi).toBeGreaterThan(row.beta ?? 99);
    expect(lo).toBeLessThan(4.5);
    expect(hi).toBeGreaterThan(3.5);
    expect(row.added_interval?.[0]).toBeGreaterThan(row.null ?? 1);
    expect(row.partial_interval?.[0]).toBeLessThan(row.partial ?? 0);
  });

  it("is the same for the same seed, and its null another for another", async () => {
    const [one, same, other] = await Promise.all([1, 1, 2].map((seed) => rowsFor([x, y], { fields: [sa], seed })));
    expect(same).toEqual(one);
    expect(other[0].added).toBe(one[0].added);
    expect(other[0].null).not.toBe(one[0].null);
  });

  it("has for a cloud that another made a p that is not small: the right law of the wrong tokens adds nothing", async () => {
    const elsewhere = unitCloud(20, 8, 31);
    const wrong: UpdateField = { ...sa, needsBeta: false, answer: () => ({ velocity: saVelocity(elsewhere, 4) }) };
    const [row] = await rowsFor([x, y], { fields: [wrong] });
    expect(row.p).toBeGreaterThan(0.05);
    expect(row.added).toBeLessThan(row.null ?? 0);
  });

  it("stands for each β that is given; averaging has none", async () => {
    const rows = await rowsFor([x, y, x], { fields: [averaging, sa], betas: [1, 4] });
    expect(rows.map(({ layer, field, beta, beta_from }) => [layer, field, beta, beta_from])).toEqual(
      [0, 1].flatMap((layer) => [
        [layer, "averaging", null, ""],
        [layer, "sa", 1, "given"],
        [layer, "sa", 4, "given"],
      ]),
    );
    expect(rows[0]).toMatchObject({ partial: null, added: 0, null: null, note: "the field needs no selection" });
    expect(rows[2].beta_interval).toBeNull();
  });

  it("is that of any dynamics, computed from its terms in the span of the tokens", async () => {
    const wide = [unitCloud(12, 40, 13)];
    wide.push(moved(moved(wide[0], saVelocity(wide[0], 4), 0.2), unitCloud(12, 40, 14).x, 0.03));
    for (const [field, dynamics] of [
      [sa, findDynamics("sa")],
      [usa, findDynamics("usa")],
      [sa, handMadeSa],
    ] as const) {
      const [own] = await rowsFor(wide, { fields: [field], betas: [3] });
      const [general] = await rowsFor(wide, { fields: [dynamicsField(dynamics)], betas: [3] });
      // The same sums in another order, in other coordinates.
      for (const key of NUMBERS) expect(Math.abs((own[key] ?? 9) / (general[key] ?? 8) - 1), key).toBeLessThan(1e-9);
    }
  });

  it("has no β where the field depends on none", async () => {
    const [row] = await rowsFor([x, y], { fields: [dynamicsField(findDynamics("hardmax"))] });
    expect(row).toMatchObject({ beta: null, beta_interval: null, note: "what it adds does not depend on beta" });
    expect(row.added).not.toBeNull();
  });

  it("says where a dynamics lives elsewhere", async () => {
    const [row] = await rowsFor([x, y], { fields: [dynamicsField(findDynamics("kuramoto"))] });
    expect(row).toMatchObject({ beta: null, added: null, note: "kuramoto lives in width 2" });
  });

  it("takes fields that know inner products alone, and the parts that states make of a field", async () => {
    const change =
      (): UpdateField["answer"] =>
      ({ step }) => ({ change: step.change });
    const part = (name: string): UpdateField => ({ ...sa, name, needsBeta: false, answer: change() });
    const heads = { ...sa, name: "heads", parts: () => [part("heads"), part("heads.0")] };
    const rows = await rowsFor([x, y], { fields: [heads] });
    expect(rows.map(({ field, gram, update }) => [field, gram, update])).toEqual([
      ["heads", expect.closeTo(1, 12), null],
      ["heads.0", expect.closeTo(1, 12), null],
    ]);
    const one = fieldNamed("heads.0", [heads]);
    expect((await rowsFor([x, y], { fields: one ? [one] : [] })).map(({ field }) => field)).toEqual(["heads.0"]);
    expect(fieldNamed("head", [heads])).toBeUndefined();
  });
});

describe("states that say little", () => {
  /** All that is null in some row has a reason, and nothing is NaN. */
  function honest(rows: readonly UpdateRow[]): readonly UpdateRow[] {
    for (const row of rows) {
      for (const value of Object.values(row).flat()) expect(Number.isNaN(value)).toBe(false);
      if (row.added === null) expect(row.note).not.toBe("");
    }
    return rows;
  }

  it.each([
    ["two tokens", unitCloud(2, 4, 21), unitCloud(2, 4, 22), "too few tokens for functions without selection"],
    ["three tokens", unitCloud(3, 4, 21), unitCloud(3, 4, 22), "too few tokens for functions without selection"],
    ["identical layers", x, x, "no inner product changes"],
    ["equal tokens", repeated(6), repeated(6), "no inner product changes"],
  ])("are told so: %s", async (_what, from, to, note) => {
    const rows = honest(await rowsFor([from, to], { fields: DEFAULT_FIELDS }));
    expect(rows.map((row) => row.note.includes(note))).toEqual([true, true, true]);
  });

  it("of five tokens have shares and a null but no interval", async () => {
    const from = unitCloud(5, 4, 23);
    const [row] = honest(await rowsFor([from, moved(from, saVelocity(from, 4), 0.1)], { fields: [sa] }));
    expect(row.added).toBeGreaterThan(0);
    expect(row).toMatchObject({ beta_interval: null, added_interval: null, partial_interval: null });
    expect(row.null).not.toBeNull();
  });

  it("with a token that turns by half a circle have no update, but inner products", async () => {
    const back = { ...y, x: y.x.map((value, p) => (p < 8 ? -x.x[p] : value)) };
    const [row] = honest(await rowsFor([x, back], { fields: [sa] }));
    expect(row).toMatchObject({ size: null, step: null, update: null });
    expect(row.gram).not.toBeNull();
    expect(row.note).toContain("a token turned by half a circle: no update");
  });

  it("that leave all tokens in one place have a field of 0 and say so", async () => {
    const rows = honest(await rowsFor([repeated(6), unitCloud(6, 4, 24)], { fields: [sa], betas: [4] }));
    expect(rows[0]).toMatchObject({ update: null, gram: null });
    expect(rows[0].note).toContain("the field is 0");
  });

  it("with NaN are refused by text, layer and token", async () => {
    const broken = { ...y, x: y.x.with(17, Number.NaN) };
    await expect(rowsFor([x, broken], { fields: [sa] })).rejects.toThrow(
      "text 0, layer 1, token 2: NaN among its states",
    );
  });

  it("of one layer have no step", async () => {
    expect(await rowsFor([x], { fields: [sa] })).toEqual([]);
  });

  it("and a field that is not finite is refused by name and layer", async () => {
    const bad: UpdateField = {
      ...sa,
      name: "bad",
      answer: ({ step }) => ({ change: step.change.map(() => Number.NaN) }),
    };
    await expect(rowsFor([x, y], { fields: [bad] })).rejects.toThrow(
      "field bad in the step from layer 0: not finite at beta 0.5",
    );
  });

  function repeated(n: number) {
    return { n, d: 4, x: Float64Array.from({ length: n * 4 }, (_, p) => (p % 4 === 0 ? 1 : 0)) };
  }
});
