import { describe, expect, it } from "vitest";
import { topEigenspace } from "../../sim/theory/top-eigenspace.ts";

const eye = (d: number) => Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => Number(i === j)));

/** Squared length of the projection of a vector. */
const within = (basis: readonly Float64Array[], x: readonly number[]) =>
  basis.reduce((sum, b) => sum + b.reduce((dot, value, i) => dot + value * x[i], 0) ** 2, 0) /
  x.reduce((sum, value) => sum + value * value, 0);

describe("the space to which alignment brings tokens", () => {
  it.each([
    [
      "of one largest eigenvalue",
      [
        [1, 0, 0],
        [0, 3, 0],
        [0, 0, -5],
      ],
      3,
      [[0, 1, 0]],
    ],
    [
      "of one that is there twice",
      [
        [2, 0, 0],
        [0, 1, 0],
        [0, 0, 2],
      ],
      2,
      [
        [1, 0, 0],
        [0, 0, 1],
      ],
    ],
    [
      "that is no axis",
      [
        [2, 1],
        [0, 1],
      ],
      2,
      [[1, 0]],
    ],
    [
      "of a matrix that is not symmetric: its eigenvector, not its transpose's",
      [
        [1, 0],
        [1, 2],
      ],
      2,
      [[0, 1]],
    ],
    [
      "of a pair that turns",
      [
        [0, -2, 0],
        [2, 0, 0],
        [0, 0, -0.1],
      ],
      0,
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
    ],
    [
      "of a block that cannot be made diagonal",
      [
        [1, 1, 0],
        [0, 1, 0],
        [0, 0, 0.9],
      ],
      1,
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
    ],
  ] as const)("is that %s", (_what, V, value, wanted) => {
    const found = topEigenspace(eye(V.length), eye(V.length), V);
    expect(found.value).toBeCloseTo(value, 12);
    expect(found.basis).toHaveLength(wanted.length);
    for (const x of wanted) expect(within(found.basis, x)).toBeCloseTo(1, 12);
  });

  it("is of V KᵀQ, in that order", () => {
    const [Q, K] = [
      [
        [1, 1],
        [0, 1],
      ],
      [
        [1, 0],
        [0.5, 2],
      ],
    ];
    // KᵀQ = [[1, 1.5], [0, 2]], whose largest eigenvalue 2 has (1.5, 1); QᵀK would have (0, 1).
    const { value, basis } = topEigenspace(Q, K, eye(2));
    expect(value).toBeCloseTo(2, 12);
    expect(within(basis, [1.5, 1])).toBeCloseTo(1, 12);
  });
});
