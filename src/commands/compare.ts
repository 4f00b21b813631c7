import { defineCommand } from "../command-line/define-command.ts";
import { refuseBeside, SIDE_BY_SIDE } from "../command-line/refuse-beside.ts";
import { BESIDE, BESIDE_CONFLICTS } from "../options/beside.ts";
import { BY, BY_CONFLICTS } from "../options/by.ts";
import { FIT } from "../options/fit.ts";
import { MODEL_STATES_OR_RUNS } from "../options/model.ts";
import { STUDY, STUDY_CONFLICTS } from "../options/study.ts";

export const compare = defineCommand({
  name: "compare",
  about: "the main job: probe a model's layers, fit SA and USA, draw figures and a report; or put runs side by side",
  examples: [
    'tokensphere compare --text "Call me Ishmael. Some years ago …" --out runs/ishmael',
    "tokensphere compare ./my-model --text-file essay.txt --json > result.json",
    "tokensphere compare ./my-model --text-file book.txt --chunk max:64 --attentions",
    "tokensphere compare states.npz --plugin ./mine.mjs --families sa,my_dynamics --parameter radius=0.5",
    "tokensphere compare ./my-model --text-file essay.txt --by depth=12,24,48",
    "tokensphere compare runs/ishmael runs/essay",
  ],
  argument: MODEL_STATES_OR_RUNS,
  options: [...STUDY, ...FIT, ...BESIDE, ...BY],
  conflicts: [...STUDY_CONFLICTS, ...BESIDE_CONFLICTS, ...BY_CONFLICTS],
  // several ──▶ runs side by side      --by ──▶ a run a value      --preset ──▶ its readings      else ──▶ one run
  run: (options, models, command) => {
    const [model] = models;
    if (models.length > 1) {
      refuseBeside(command, SIDE_BY_SIDE, "runs side by side");
      return async (effects) =>
        (await import("../collection/compare-runs.ts")).compareRunsCommand(effects, models, options);
    }
    const { by, preset, ...rest } = options;
    if (by !== undefined)
      return async (effects) => (await import("../study/compare-by.ts")).compareByCommand(effects, model, by, rest);
    return async (effects) =>
      preset === undefined
        ? (await import("../study/compare.ts")).compareCommand(effects, model, options)
        : (await import("../study/preset.ts")).presetCommand(effects, model, preset, options, options);
  },
});
