import { defineGroup } from "../command-line/define-command.ts";
import { clusters } from "./theory/clusters.ts";
import { equiangular } from "./theory/equiangular.ts";
import { growth } from "./theory/growth.ts";
import { longContext } from "./theory/long-context.ts";
import { noise } from "./theory/noise.ts";

export const theory = defineGroup({
  name: "theory",
  about: "values of the theory: growth rates, equiangular curves, long context, noise, clusters",
  parts: [growth, equiangular, longContext, noise, clusters],
});
