import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { orthonormalColumns } from "../../probes/numerics/orthonormal-columns.ts";
import { dot } from "../../probes/numerics/vectors.ts";
import { fieldShares, outsideBasis, signedShare } from "../../probes/updates/field-shares.ts";
import { kernelField } from "../../probes/updates/kernel-field.ts";
import { layerStep, plainProducts } from "../../probes/updates/layer-step.ts";
import { leaveOneOut } from "../../probes/updates/leave-one-out.ts";
import { peakOf } from "../../probes/updates/peak.ts";
import { leastP, permutations, shuffledShares } from "../../probes/updates/shuffled.ts";
import { type Remainder, residual, withoutSelection } from "../../probes/updates/without-selection.ts";
import { moved, saVelocity, unitCloud } from "./updates-case.ts";

const n = 9;
const x = unitCloud(n, 5, 4);
// SA and something else, so that no share is 1.
const y = moved(moved(x, saVelocity(x, 4), 0.1), unitCloud(n, 5, 5).x, 0.1);

/** The shares by least squares on some pairs alone. */
function sharesOn(kept: readonly number[], { basis }: Remainder, change: Float64Array, field: Float64Array) {
  const of = (values: Float64Array) => Float64Array.from(kept, (p) => values[p]);
  const columns = orthonormalColumns(basis.map(of));
  const [rest, own, whole] = [residual(of(change), columns), residual(of(field), columns), of(change)];
  const mean = whole.reduce((a, b) => a + b) / whole.length;
  const total = whole.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const along = dot(rest, own);
  return {
    partial: signedShare(along, dot(rest, rest), dot(own, own)),
    added: signedShare(along, total, dot(own, own)),
  };
}

/** Numbers of the pairs i < j, as ends. */
const ENDS = Array.from({ length: n }, (_, i) => Array.from({ length: n - 1 - i }, (_, k) => [i, i + 1 + k])).flat();

describe("the jackknife over tokens", () => {
  it("is least squares on the pairs without each token, done once for all", async () => {
    const step = await layerStep(x, y);
    const remainder = withoutSelection(step);
    for (const field of Object.values(await kernelField(step, 4, plainProducts))) {
      const found = leaveOneOut(step, remainder)?.(outsideBasis(field.change, remainder.basis));
      for (let t = 0; t < n; t++) {
        const kept = ENDS.flatMap((ends, p) => (ends.includes(t) ? [] : [p]));
        const expected = sharesOn(kept, remainder, step.change, field.change);
        // Normal equations of an orthonormal basis less a few rows: conditions of some hundred.
        expect(Math.abs((found?.partial[t] ?? 9) - expected.partial)).toBeLessThan(1e-9);
        expect(Math.abs((found?.added[t] ?? 9) - expected.added)).toBeLessThan(1e-9);
      }
    }
  });

  it("says nothing of four tokens, nor where one token less leaves no more pairs than functions", async () => {
    for (const few of [4, 5]) {
      const start = unitCloud(few, 5, 6);
      const step = await layerStep(start, moved(start, saVelocity(start, 4), 0.1));
      expect(leaveOneOut(step, withoutSelection(step))).toBeNull();
    }
  });
});

describe("the null of permuted tokens", () => {
  it("is what the field of the permuted tokens adds, at its best β", async () => {
    const step = await layerStep(x, y);
    const remainder = withoutSelection(step);
    const orders = permutations(n, 5, randomSource(7));
    const fields = [[(await kernelField(step, 4, plainProducts)).softmax.change]];
    fields.push([...fields[0], (await kernelField(step, 9, plainProducts)).softmax.change]);
    const found = await shuffledShares(step, remainder, fields, orders, plainProducts);
    // Permuting the other side is permuting the field the other way round.
    const inverse = orders.map((order) => Int32Array.from(order, (_, i) => order.indexOf(i)));
    for (const [draw, order] of inverse.entries()) {
      const shares = fields[1].map((change) => {
        const at = (i: number, j: number) => ENDS.findIndex(([a, b]) => a === Math.min(i, j) && b === Math.max(i, j));
        const permuted = Float64Array.from(ENDS, ([i, j]) => change[at(order[i], order[j])]);
        return fieldShares(step, remainder, { change: permuted, along: null, squared: null });
      });
      expect(found[0].added[draw]).toBeCloseTo(shares[0].added ?? 9, 12);
      expect(found[0].partial[draw]).toBeCloseTo(shares[0].partial ?? 9, 12);
      expect(found[1].added[draw]).toBeCloseTo(Math.max(...shares.map(({ added }) => added ?? 9)), 12);
    }
  });

  it("makes every order with the same frequency", () => {
    const counts = new Map<string, number>();
    for (const order of permutations(3, 6000, randomSource(1)))
      counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1);
    expect(counts.size).toBe(6);
    // Binomial, σ = 29: five of them.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(145);
  });

  it("cannot reach a p of .05 with three tokens, and can with four", () => {
    expect([leastP(3, 199), leastP(4, 199), leastP(40, 199)]).toEqual([1 / 6, 1 / 24, 1 / 200]);
  });
});

describe("the peak of a curve", () => {
  it("is the vertex of a parabola, wherever the places lie", () => {
    const places = [0, 1, 1.5, 4];
    const { at, edge } = peakOf(
      places,
      places.map((t) => 3 - (t - 1.3) ** 2),
    );
    expect(at).toBeCloseTo(1.3, 12);
    expect(edge).toBeNull();
  });

  it("says at which end it lies", () => {
    expect(peakOf([1, 2, 3], [3, 2, 1])).toEqual({ at: 1, index: 0, edge: "lower" });
    expect(peakOf([1, 2, 3], [1, 2, 3])).toEqual({ at: 3, index: 2, edge: "upper" });
    expect(peakOf([1, 2, 3], [1, 1, 1]).at).toBe(1);
  });
});

describe("an orthonormal basis of columns", () => {
  const random = randomSource(3);
  const column = () => Float64Array.from({ length: 40 }, () => random() - 0.5);
  const [a, b] = [column(), column()];
  const sum = a.map((value, k) => value + b[k]);

  it("is orthonormal and spans them, a dependent one and a column of zeros left out", () => {
    const basis = orthonormalColumns([a, b, sum, new Float64Array(40)]);
    expect(basis).toHaveLength(2);
    for (const [r, p] of basis.entries()) {
      for (const [c, q] of basis.entries()) expect(Math.abs(dot(p, q) - (r === c ? 1 : 0))).toBeLessThan(1e-14);
    }
    for (const one of [a, b, sum]) expect(residual(one, basis).every((value) => Math.abs(value) < 1e-14)).toBe(true);
  });

  it("keeps a direction that is 1e-8 of the others, and drops one of 1e-11", () => {
    const tilted = (by: number) => orthonormalColumns([a, a.map((value, k) => value + by * b[k])]).length;
    expect([tilted(1e-8), tilted(1e-11)]).toEqual([2, 1]);
  });

  it("knows no units: columns of 1e-100 and 1e100 count alike", () => {
    expect(orthonormalColumns([a.map((value) => value * 1e-100), b.map((value) => value * 1e100)])).toHaveLength(2);
    expect(orthonormalColumns([])).toEqual([]);
  });
});
