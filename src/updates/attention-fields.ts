import type { UpdateField } from "./update-field.ts";

/** What no attention is needed for: every token goes to the mean of all, SA at β = 0. */
export const averaging: UpdateField = {
  name: "averaging",
  label: "averaging",
  about: "every token moves to the mean of all: SA at beta = 0",
  needsBeta: false,
  reads: {},
  answer: async ({ kernel }) => ({ effect: (await kernel(0)).softmax }),
};

export const sa: UpdateField = {
  name: "sa",
  label: "SA",
  about: "softmax attention with Q = K = V = I",
  needsBeta: true,
  reads: {},
  answer: async ({ kernel }, beta) => ({ effect: (await kernel(beta)).softmax }),
};

export const usa: UpdateField = {
  name: "usa",
  label: "USA",
  about: "unnormalized attention with Q = K = V = I",
  needsBeta: true,
  reads: {},
  answer: async ({ kernel }, beta) => ({ effect: (await kernel(beta)).exponential }),
};
