import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { normalizeRows } from "../../sim/clouds/normalize-rows.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { sharesBasis } from "../../src/comparison/shared-basis.ts";

const random = randomSource(3);

/** Tokens that go a little towards their mean in every layer. */
function contracting(n: number, d: number, layers: number): Cloud[] {
  const clouds: Cloud[] = [uniformCloud(n, d, random)];
  for (let k = 1; k < layers; k++) {
    const before = clouds[k - 1];
    const mean = Float64Array.from({ length: d }, (_, a) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += before.x[i * d + a];
      return sum / n;
    });
    const x = Float64Array.from(before.x, (value, p) => value + 0.8 * mean[p % d]);
    clouds.push({ n, d, x: normalizeRows({ n, d, x }) });
  }
  return clouds;
}

/** The same cloud in another basis: its rows by random orthonormal columns (Gram–Schmidt of a random cloud). */
function turned({ n, d, x }: Cloud): Cloud {
  const basis = uniformCloud(d, d, random).x.slice();
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < a; b++) {
      let c = 0;
      for (let q = 0; q < d; q++) c += basis[a * d + q] * basis[b * d + q];
      for (let q = 0; q < d; q++) basis[a * d + q] -= c * basis[b * d + q];
    }
    let square = 0;
    for (let q = 0; q < d; q++) square += basis[a * d + q] ** 2;
    for (let q = 0; q < d; q++) basis[a * d + q] /= Math.sqrt(square);
  }
  const out = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < d; a++) for (let q = 0; q < d; q++) out[i * d + q] += x[i * d + a] * basis[a * d + q];
  }
  return { n, d, x: out };
}

describe.each([
  [24, 8],
  [12, 32],
])("%i tokens in width %i", (n, d) => {
  const clouds = contracting(n, d, 6);

  it("share a basis from layer to layer in a residual stream", () => {
    expect(sharesBasis({ n, d, clouds })).toBe(true);
  });

  it("share none where every layer was turned by a rotation of its own", () => {
    expect(sharesBasis({ n, d, clouds: clouds.map(turned) })).toBe(false);
  });

  it("share one where the whole was turned by one rotation", () => {
    const whole = turned({ n: 6 * n, d, x: Float64Array.from(clouds.flatMap(({ x }) => [...x])) });
    const layers = clouds.map((_, k) => ({ n, d, x: whole.x.slice(k * n * d, (k + 1) * n * d) }));
    expect(sharesBasis({ n, d, clouds: layers })).toBe(true);
  });
});
