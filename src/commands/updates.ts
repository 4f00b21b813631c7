import { out } from "../command-line/common.ts";
import { defineCommand } from "../command-line/define-command.ts";
import { MODEL, MODEL_OR_STATES } from "../options/model.ts";
import { PARQUET, PARQUET_CONFLICTS } from "../options/parquet.ts";
import { PARAMETERS, PLUGINS } from "../options/plugins.ts";
import { POLICY } from "../options/policy.ts";
import { TEXT_CONFLICTS, TEXTS } from "../options/texts.ts";
import { UPDATES } from "../options/updates.ts";

export const updates = defineCommand({
  name: "updates",
  about: "the law of the updates: what averaging, SA, USA or another dynamics makes of each step from layer to layer",
  examples: [
    'tokensphere updates --text "Call me Ishmael. Some years ago …"',
    "tokensphere updates runs/ishmael --json",
    "tokensphere updates states.npz --fields averaging,sa,hardmax --betas 1,4,16",
    "tokensphere updates ./my-model --text-file essay.txt --plugin ./mine.mjs --fields sa,my_dynamics --parameter radius=0.5",
  ],
  argument: MODEL_OR_STATES,
  options: [
    ...MODEL,
    ...TEXTS,
    ...POLICY,
    ...PLUGINS,
    ...PARAMETERS,
    ...UPDATES,
    ...out("folder for a run with updates.csv (default: nothing is written)"),
    ...PARQUET,
  ],
  conflicts: [...TEXT_CONFLICTS, ...PARQUET_CONFLICTS],
  run: (options, model) => async (effects) =>
    (await import("../study/updates.ts")).updatesCommand(effects, model, options),
});
