import { join } from "node:path";
import type { ModelDescription } from "../../models/model-description.ts";
import type { Effects } from "../effects.ts";
import { openForCommand } from "../model-batches.ts";
import type { CommonOptions, ModelOptions } from "../options.ts";
import { fillFolder, runFolderName } from "../run-folder.ts";
import { table } from "../table.ts";
import { writeJson } from "../write-json.ts";

export async function inspectCommand(
  effects: Effects,
  reference: string | undefined,
  options: CommonOptions & ModelOptions,
): Promise<void> {
  const model = await openForCommand(effects, reference, options);
  const { description } = model;
  await model.close();
  if (options.out !== undefined) {
    const target = runFolderName(effects, options.out, "inspect");
    await fillFolder(effects, target, options.force ?? false, async (folder) =>
      writeJson(join(folder, "inspect.json"), { format: "tokensphere/inspect", version: 1, ...description }),
    );
  }
  if (options.json) effects.print(JSON.stringify(description));
  else for (const line of describe(description)) effects.print(line);
}

function describe(m: ModelDescription): string[] {
  const facts = [
    `${m.layers} layers`,
    `width ${m.hidden_size ?? "unknown"}`,
    ...(m.heads === null ? [] : [`${m.heads} heads`]),
    `${m.norm}-norm`,
    ...(m.parallel ? ["attention and MLP in parallel"] : []),
    ...(m.shared_weights ? ["layers share weights"] : []),
  ];
  return [
    m.model,
    facts.join(", "),
    `${m.source === "checkpoint" ? "built from the checkpoint" : `ONNX, opset ${m.opset}, ${m.producer}`}; ${m.precision}`,
    `sha256 ${m.sha256}`,
    "",
    ...table(
      ["layer", "point", "tensor"],
      m.stream.map((p) => [String(p.layer), p.name, p.tensor]),
    ),
    ...m.warnings.map((warning) => `note: ${warning}`),
  ];
}
