/** Cosines above which the share of the pairs is reported, as the keys of results. */
export const MASS_THRESHOLDS = ["0.9", "0.99", "0.999"] as const;
