import { describe, expect, it } from "vitest";
import type { UpdateRow } from "../../src/updates/update-row.ts";
import { besideUntrained, decisionOf, updatesInWords } from "../../src/updates/updates-in-words.ts";
import { untrainedOverTexts, updatesOverTexts } from "../../src/updates/updates-over-texts.ts";

const ROW: UpdateRow = {
  ...{ text: 0, layer: 0, field: "sa", beta: 8, beta_from: "best", beta_interval: [7, 9], size: 0.4, step: 0.5 },
  ...{ update: 0.03, gram: 0.2, gram_beyond_mean: 0.1, partial: 0.1, partial_interval: [0.05, 0.15], added: 0.09 },
  ...{ added_interval: [0.04, 0.14], null: 0.01, null_partial: 0.01, p: 0.005, without_selection: 0.1, note: "" },
};

/** A row at some layer that adds so much. */
function adding(layer: number, added: number, more: Partial<UpdateRow> = {}): UpdateRow {
  return { ...ROW, layer, added, added_interval: [added - 0.02, added + 0.02], ...more };
}

const averaging = (layer: number): UpdateRow => ({
  ...ROW,
  ...{
    layer,
    field: "averaging",
    beta: null,
    beta_from: "",
    beta_interval: null,
    update: 0.017,
    partial: null,
    added: 0,
  },
  ...{ partial_interval: null, added_interval: null, null: null, null_partial: null, p: null },
  note: "the field needs no selection",
});

describe("what the updates say", () => {
  it.each([
    [0.03, [0.01, 0.05], 0.02, "adds"],
    [0.03, [-0.01, 0.07], 0.02, "open"],
    [0.03, null, 0.02, "open"],
    [0.03, [0.01, 0.05], null, "open"],
    [0.02, [0.01, 0.05], 0.02, "nothing"],
    [-0.03, [-0.04, -0.02], 0.02, "nothing"],
    [null, null, null, "none"],
  ] as const)(
    "weighs %s with interval %s beside %s of shuffled tokens: %s",
    (added, added_interval, shuffled, decision) => {
      expect(decisionOf({ ...ROW, added, added_interval, null: shuffled })).toBe(decision);
    },
  );

  it("names the field that adds most, its β, the layers where it does and where not", () => {
    const rows = [
      averaging(0),
      adding(0, 0.001),
      adding(1, 0.001),
      adding(2, 0.015, { added_interval: [-0.01, 0.04] }),
      adding(3, 0.05, { beta: 6, without_selection: 0.04 }),
      adding(4, 0.13, { beta: 10, without_selection: 0.25, null: 0.03 }),
      ...[3, 4].map((layer) => adding(layer, 0.04, { field: "usa" })),
    ];
    expect(updatesInWords(rows)).toBe(
      "SA at β = 8 (6–10) adds 5–13 % to the change of inner products in the steps from layers 3 to 4 (without selection among tokens 4–25 %, shuffled 1–3 %), nothing in the steps from layers 0 to 1, undecided in the step from layer 2. Of the motion of the tokens themselves SA makes at most 3 % in any step, averaging at most 2 %.",
    );
  });

  it("says where no field adds anything, and how much at most", () => {
    const rows = [
      averaging(0),
      adding(0, 0.001),
      adding(0, 0.002, { field: "usa" }),
      adding(1, 0.004, { field: "usa" }),
    ];
    expect(updatesInWords(rows)).toMatch(
      /^None of SA and USA adds to the change of inner products in any step beyond doubt \(USA at most 0\.4 %\)\./,
    );
    expect(updatesInWords([adding(0, 0.001)])).toMatch(/^SA does not add to the change/);
  });

  it("says why nothing can be told", () => {
    const still = { ...ROW, added: null, partial: null, note: "no inner product changes" };
    expect(updatesInWords([still])).toBe(
      "What fields add to the change of inner products cannot be told: no inner product changes.",
    );
    expect(updatesInWords([])).toBe("There is no step: two layers are needed.");
  });

  it("says of averaging alone what it makes", () => {
    expect(updatesInWords([averaging(0)])).toBe(
      "Averaging needs no selection among tokens, and makes 10 % of the change of inner products beyond its mean.",
    );
  });
});

describe("means over texts", () => {
  it("are of what is known in each, with the range in the place of intervals and no p", () => {
    const rows = [adding(3, 0.05), { ...adding(3, 0.09, { beta: 10, null: null }), text: 1 }];
    const [mean] = updatesOverTexts(rows);
    expect(mean).toMatchObject({
      layer: 3,
      beta: 9,
      beta_interval: [8, 10],
      null: 0.01,
      p: null,
      note: "mean of 2 texts",
    });
    expect(mean.added).toBeCloseTo(0.07, 12);
    expect(mean.added_interval).toEqual([0.05, 0.09]);
  });

  it("keep given β apart, and one text as it is", () => {
    const given = [1, 4].map((beta) => adding(3, 0.05, { beta, beta_from: "given" }));
    expect(updatesOverTexts(given)).toEqual(given);
  });
});

describe("what the same network untrained adds", () => {
  const rows = [adding(3, 0.05), adding(4, 0.13), adding(5, 0.001)];
  const untrained = (...added: readonly number[]) =>
    added.map((value, k) => ({ draw: 0, ...adding(3 + k, value, { beta: 0.5 }) }));

  it("stands beside each step where the field adds", () => {
    expect(besideUntrained(rows, untrained(0.02, 0.03, 0.2))).toBe(
      "In those steps of the same network untrained SA adds 2–3 % at β = 0.5: less in every one.",
    );
    expect(besideUntrained(rows, untrained(0.06, 0.03))).toBe(
      "In those steps of the same network untrained SA adds 3–6 % at β = 0.5: less only in the step from layer 4.",
    );
    expect(besideUntrained(rows, untrained(0.05, 0.2))).toBe(
      "In those steps of the same network untrained SA adds 5–20 % at β = 0.5: as much or more in every one, so nothing of it is a sign of training.",
    );
  });

  it("is the most of several draws, in each step", () => {
    const draws = [untrained(0.02, 0.03), untrained(0.06, 0.01), untrained(0.01, 0.04)];
    const all = draws.flatMap((draw, k) => draw.map((row) => ({ ...row, draw: k })));
    expect(besideUntrained(rows, all)).toBe(
      "In those steps of the same network untrained, of 3 draws, SA adds at most 4–6 % at β = 0.5: less only in the step from layer 4.",
    );
  });

  it("is of means over texts, each draw by itself", () => {
    const draw = (number: number, ...added: number[]) =>
      added.map((value, text) => ({ draw: number, ...adding(3, value, { text, beta: 0.5 }) }));
    const means = untrainedOverTexts([...draw(0, 0.01, 0.03), ...draw(1, 0.04, 0.04)]);
    expect(means.map(({ draw: number, added }) => [number, added])).toEqual([
      [0, expect.closeTo(0.02, 12)],
      [1, expect.closeTo(0.04, 12)],
    ]);
    const texts = updatesOverTexts([adding(3, 0.05, { text: 0 }), adding(3, 0.06, { text: 1 })]);
    expect(besideUntrained(texts, means)).toBe(
      "In those steps of the same network untrained, of 2 draws, SA adds at most 4 % at β = 0.5: less in every one.",
    );
  });

  it("is left out where the field adds nothing, or nothing is known of it", () => {
    expect(besideUntrained([adding(5, 0.001)], untrained(0.1))).toBe("");
    expect(besideUntrained(rows, [])).toBe("");
    expect(
      besideUntrained(
        rows,
        untrained(0.1, 0.1).map((row) => ({ ...row, field: "usa" })),
      ),
    ).toBe("");
  });
});

describe("means over texts", () => {
  const texts = (...added: readonly number[]) => added.map((value, text) => adding(3, value, { text }));

  it("carry the bootstrap interval of the mean, of two texts their range", () => {
    expect(updatesOverTexts(texts(0.1, 0.2))[0].added_interval).toEqual([0.1, 0.2]);
    const [{ added, added_interval }] = updatesOverTexts(texts(...Array.from({ length: 16 }, (_, k) => k / 100)));
    expect(added).toBeCloseTo(0.075);
    // The mean of 16 draws from 0, .01 … .15 has standard error .0115: 1.96 of them on either side, which 1000 draws give to 10 %.
    expect(added_interval?.[0]).toBeCloseTo(0.075 - 1.96 * 0.0115, 2);
    expect(added_interval?.[1]).toBeCloseTo(0.075 + 1.96 * 0.0115, 2);
  });
});
