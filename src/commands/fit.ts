import { out } from "../command-line/common.ts";
import { defineCommand } from "../command-line/define-command.ts";
import { FIT } from "../options/fit.ts";
import { PARQUET, PARQUET_CONFLICTS } from "../options/parquet.ts";
import { PLUGINS } from "../options/plugins.ts";
import { POLICY } from "../options/policy.ts";

export const fit = defineCommand({
  name: "fit",
  about: "fit SA and USA to saved states, beside the baseline that nothing moves",
  examples: [
    "tokensphere fit runs/ishmael --json",
    "tokensphere fit states.safetensors --time linear --out runs/fit",
    "tokensphere fit states.npz --families sa,sa_preln,sa_krause,sa_ramp",
    "tokensphere fit states.npz --families sa,sa_noisy --parameter kappa=200",
    "tokensphere fit states.npz --init iid --start-layer 2",
    "tokensphere fit states.npz --plugin ./mine.mjs --families sa,my_dynamics",
  ],
  argument: {
    usage: "<states>",
    about:
      "a run folder with saved states, or a file of states: .safetensors or .npz with hidden_states.0, hidden_states.1 …, .npy with all layers",
  },
  options: [
    ...POLICY,
    ...FIT,
    ...PLUGINS,
    ...out("folder for fit.json and figures (default: nothing is written)"),
    ...PARQUET,
  ],
  conflicts: PARQUET_CONFLICTS,
  run: (options, states) => async (effects) => (await import("../study/fit.ts")).fitCommand(effects, states, options),
});
