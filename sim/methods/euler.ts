import { completed } from "./tableau.ts";

/** Euler's method, the one of most published figures; straight lines between steps. */
export const euler = completed({
  name: "euler",
  order: 1,
  c: [0],
  a: [[]],
  b: [1],
  dense: { order: 1, weights: [[1]] },
});
