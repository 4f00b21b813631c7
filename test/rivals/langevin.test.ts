import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { orthonormalColumns } from "../../probes/numerics/orthonormal-columns.ts";
import { sortValues } from "../../probes/numerics/sort-values.ts";
import { wasserstein1Sorted } from "../../probes/numerics/wasserstein1.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { langevin } from "../../src/rivals/langevin.ts";
import { drift, normals, textOf, unitCloud, walk } from "./fit-texts.ts";
import { tokenSkill } from "./skill.ts";

const [N, D] = [48, 6] as const;

/** Tokens of which each coordinate has another size, so that axes are told apart; by a rotation with noise of this size. */
function turned(noise: number) {
  const random = randomSource(3);
  const sizes = [1, 0.7, 0.45, 0.3, 0.2, 0.12];
  const start = unitCloud(
    N,
    D,
    normals(N * D, random).map((v, p) => v * sizes[p % D]),
  );
  const q = orthonormalColumns(Array.from({ length: D }, () => normals(D, random)));
  const image = new Float64Array(N * D);
  for (let i = 0; i < N; i++)
    for (let a = 0; a < D; a++) for (let b = 0; b < D; b++) image[i * D + a] += q[a][b] * start.x[i * D + b];
  const moved = walk(noise)(image, random);
  return { n: N, d: D, clouds: [start, unitCloud(N, D, moved)] };
}

describe("the Langevin law", () => {
  it("follows a rotation of all tokens, of which it sees the others alone", () => {
    expect(tokenSkill(langevin, turned(0))).toBeGreaterThan(0.9);
  });

  it("gains nothing on a random walk, where it stays with what moves nothing", () => {
    const skill = tokenSkill(langevin, textOf(50, 12, 2, walk(0.2)));
    expect(skill).toBeGreaterThan(-0.01);
    expect(skill).toBeLessThan(0.1);
  });

  it("has the histogram of noisy layers by a draw, where expected products are too near 0", () => {
    const text = turned(0.15);
    const observed = sortValues(innerProducts(text.clouds[1], true));
    const said = langevin.predict(text);
    const off = (of: Float64Array | null | undefined) =>
      wasserstein1Sorted(observed, sortValues((of ?? observed).slice()));
    expect(off(said.drawn?.(1))).toBeLessThan(0.6 * off(said.products(1)));
    expect(said.drawn?.(1)).toEqual(langevin.predict(text).drawn?.(1));
  });

  it("counts a frame, a ratio an axis, their number and the size of the noise, a layer", () => {
    const still = textOf(12, 5, 1, (x) => x).clouds[0];
    const { complexity } = langevin.predict({ n: 12, d: 5, clouds: [still, still, still] });
    expect(complexity).toBe(2 * 2); // No axis is turned where nothing moves.
    const most = langevin.predict(textOf(40, 3, 2, drift(3, 1))).complexity ?? 0;
    expect([2, 2 + 2 + 1, 2 + 3 + 2, 2 + 3 + 3]).toContain(most);
  });
});
