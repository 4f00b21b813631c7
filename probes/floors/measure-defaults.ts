/** Thresholds of the masses near 1. */
export const defaultMasses: readonly number[] = [0.9, 0.99, 0.999];

/** Inverse temperatures at which the energy is given: the ends of the range of Figure 3 of R, roughly. */
export const defaultBetas: readonly number[] = [1, 9];

/** The quantiles that are given, by the name that their rows carry. */
export const quantileLevels: readonly { readonly name: string; readonly level: number }[] = [
  { name: "q05", level: 0.05 },
  { name: "q25", level: 0.25 },
  { name: "q50", level: 0.5 },
  { name: "q75", level: 0.75 },
  { name: "q95", level: 0.95 },
];
