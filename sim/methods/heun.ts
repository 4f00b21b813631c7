import { completed } from "./tableau.ts";

/** Heun's method (explicit trapezium) with its quadratic continuous extension. */
export const heun = completed({
  name: "heun",
  order: 2,
  c: [0, 1],
  a: [[], [1]],
  b: [1 / 2, 1 / 2],
  dense: {
    order: 2,
    weights: [
      [1, -1 / 2],
      [0, 1 / 2],
    ],
  },
});
