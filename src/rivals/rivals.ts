import { commonMotion } from "./common-motion.ts";
import { frozen } from "./frozen.ts";
import { interpolation } from "./interpolation.ts";
import { langevin } from "./langevin.ts";
import { linearMap } from "./linear-map.ts";
import { reshape } from "./reshape.ts";
import type { Rival } from "./rival.ts";

/** What every fit is held against, weakest first; `interpolation` is shown only, `langevin` takes part where it is asked for. Averaging is a family: SA at β = 0. */
export const RIVALS: readonly Rival[] = [frozen, commonMotion, linearMap, reshape, interpolation, langevin];
