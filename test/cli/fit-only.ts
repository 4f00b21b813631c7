/** Flags of `compare` that leave out all that is measured beside the layers and their fit: a fifth of the time, where the rest is not the point. */
export const FIT_ONLY = ["--no-control", "--no-intervention", "--no-updates", "--no-attentions", "--no-resid-mid"];
