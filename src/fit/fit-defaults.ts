import { DEFAULT_SEED } from "../../models/random.ts";
import { DEFAULT_FAMILIES } from "../laws/families.ts";

/** Defaults of every option of a fit that has one. */
export const FIT_DEFAULTS = {
  families: DEFAULT_FAMILIES,
  init: "observed",
  time: "auto",
  betaMin: 0.05,
  betaMax: 60,
  bootstrap: 200,
  checks: true,
  seed: DEFAULT_SEED,
} as const;
