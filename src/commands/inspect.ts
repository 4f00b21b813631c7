import { out } from "../command-line/common.ts";
import { defineCommand } from "../command-line/define-command.ts";
import { MODEL } from "../options/model.ts";

export const inspect = defineCommand({
  name: "inspect",
  about:
    "show what a model is made of: blocks, norms, shared weights, precision, and the tensors of its residual stream",
  examples: ["tokensphere inspect ./my-model", "tokensphere inspect model.onnx --json"],
  argument: { usage: "[model]", about: "hub id, folder, .onnx or .safetensors file (default: the bundled model)" },
  options: [...MODEL, ...out("folder for inspect.json (default: nothing is written)")],
  run: (options, model) => async (effects) =>
    (await import("../study/inspect.ts")).inspectCommand(effects, model, options),
});
