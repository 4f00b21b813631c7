import { defineCommand } from "../command-line/define-command.ts";
import { MODEL_OR_STATES } from "../options/model.ts";
import { STUDY, STUDY_CONFLICTS } from "../options/study.ts";

export const probe = defineCommand({
  name: "probe",
  about: "measure every token's state after every layer: inner products, ranks, norms, energy, clusters",
  examples: [
    'tokensphere probe --text "Call me Ishmael." --out runs/ishmael --save-states',
    "tokensphere probe ./vit --image photo.jpg --out runs/vit",
    "tokensphere probe states.npz",
    "tokensphere probe --text-file essay.txt --plugin ./my-measures.mjs",
    "tokensphere probe ./my-albert --preset glpr-figure1",
  ],
  argument: MODEL_OR_STATES,
  options: STUDY,
  conflicts: STUDY_CONFLICTS,
  run: (options, model) => async (effects) =>
    options.preset === undefined
      ? (await import("../study/probe.ts")).probeCommand(effects, model, options)
      : (await import("../study/preset.ts")).presetCommand(effects, model, options.preset, options, null),
});
