import { TokensphereError } from "../../models/errors.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import type { Effects } from "../effects/effects.ts";
import { INSPECT } from "../formats/inspect-format.ts";
import type { ModelOptions } from "../options/model.ts";
import { fillFolder, runFolderName } from "../run/run-folder.ts";
import { writeFormat } from "../run/write-format.ts";
import { openForCommand } from "../sources/model-batches.ts";
import { holdsStates } from "../sources/open-stored-states.ts";
import { inspectText } from "../terminal/inspect-text.ts";

/** Opens a model, checks that the engine takes it, and says what it is made of; throws what opening throws. */
export async function inspectCommand(
  effects: Effects,
  reference: string | undefined,
  options: ModelOptions & CommonOptions & OutOptions,
): Promise<void> {
  if (reference !== undefined && (await holdsStates(effects, reference))) {
    const what = `no model: ${reference} holds hidden states or a run`;
    throw new TokensphereError("input", `${what}. give it to probe, compare or fit`);
  }
  const model = await openForCommand(effects, reference, options);
  const { description } = model;
  await model.check().finally(() => model.close());
  if (options.out !== undefined) {
    const target = runFolderName(effects, options.out, "inspect");
    await fillFolder(effects, target, options.force ?? false, async (folder) =>
      writeFormat(folder, INSPECT, { format: INSPECT.name, version: 1, ...description }),
    );
  }
  if (options.json) effects.print(JSON.stringify(description));
  else
    for (const line of [...inspectText(description), ...(options.out === undefined ? [] : [options.out])])
      effects.print(line);
}
