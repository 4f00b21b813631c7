import { completed } from "./tableau.ts";

/** The classical fourth-order method; cubic continuous extension of order 3 (Zennaro, Math. Comp. 46 (1986) 119). */
export const rk4 = completed({
  name: "rk4",
  order: 4,
  c: [0, 1 / 2, 1 / 2, 1],
  a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  dense: {
    order: 3,
    weights: [
      [1, -3 / 2, 2 / 3],
      [0, 1, -2 / 3],
      [0, 1, -2 / 3],
      [0, -1 / 2, 2 / 3],
    ],
  },
});
