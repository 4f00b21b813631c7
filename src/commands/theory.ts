import { defineGroup } from "../command-line/define-command.ts";
import { anisotropic } from "./theory/anisotropic.ts";
import { clusters } from "./theory/clusters.ts";
import { commonNoise } from "./theory/common-noise.ts";
import { contexts } from "./theory/contexts.ts";
import { equiangular } from "./theory/equiangular.ts";
import { growth } from "./theory/growth.ts";
import { longContext } from "./theory/long-context.ts";
import { modes } from "./theory/modes.ts";
import { noise } from "./theory/noise.ts";
import { pair } from "./theory/pair.ts";
import { reweighting } from "./theory/reweighting.ts";
import { rings } from "./theory/rings.ts";
import { schemes } from "./theory/schemes.ts";
import { stationary } from "./theory/stationary.ts";

export const theory = defineGroup({
  name: "theory",
  about: "values of the theory: growth rates, rings, equiangular curves, long context, noise, clusters",
  parts: [
    ...[growth, rings, equiangular, longContext, contexts, schemes, clusters, reweighting, modes],
    ...[noise, pair, stationary, anisotropic, commonNoise],
  ],
});
