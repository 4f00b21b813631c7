import { defineCommand } from "../command-line/define-command.ts";
import { BESIDE, BESIDE_CONFLICTS } from "../options/beside.ts";
import { FIT } from "../options/fit.ts";
import { MODEL_OR_STATES } from "../options/model.ts";
import { STUDY, STUDY_CONFLICTS } from "../options/study.ts";

export const compare = defineCommand({
  name: "compare",
  about: "the main job: probe a model's layers, fit SA and USA, draw figures and a report",
  examples: [
    'tokensphere compare --text "Call me Ishmael. Some years ago …" --out runs/ishmael',
    "tokensphere compare ./my-model --text-file essay.txt --json > result.json",
    "tokensphere compare ./my-model --text-file book.txt --chunk max:64 --attentions",
    "tokensphere compare states.npz --plugin ./mine.mjs --families sa,my_dynamics --parameter radius=0.5",
  ],
  argument: MODEL_OR_STATES,
  options: [...STUDY, ...FIT, ...BESIDE],
  conflicts: [...STUDY_CONFLICTS, ...BESIDE_CONFLICTS],
  run: (options, model) => async (effects) =>
    options.preset === undefined
      ? (await import("../study/compare.ts")).compareCommand(effects, model, options)
      : (await import("../study/preset.ts")).presetCommand(effects, model, options.preset, options, options),
});
