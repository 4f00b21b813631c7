import { defineGroup } from "../command-line/define-command.ts";
import { bifurcation } from "./mean-field/bifurcation.ts";
import { chaos } from "./mean-field/chaos.ts";
import { evolve } from "./mean-field/evolve.ts";
import { phases } from "./mean-field/phases.ts";

export const meanField = defineGroup({
  name: "mean-field",
  about:
    "densities on the circle and spheres: their flow with and without noise, where they rest, how near tokens stay",
  parts: [evolve, bifurcation, phases, chaos],
  runsFirst: true,
});
