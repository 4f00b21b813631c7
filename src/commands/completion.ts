import { TokensphereError } from "../../models/errors.ts";
import { commandTree } from "../command-line/command-tree.ts";
import { COMPLETIONS } from "../command-line/completions.ts";
import { defineCommand } from "../command-line/define-command.ts";
import { namesOf } from "../command-line/names-of.ts";

const SHELLS = namesOf(COMPLETIONS);

export const completion = defineCommand({
  name: "completion",
  about: "print a script that completes command lines; its first lines say where to put it",
  examples: SHELLS.map((shell) => `tokensphere completion ${shell}`),
  argument: { usage: "<shell>", about: SHELLS.join(", ") },
  options: [],
  run: (options, named, command) => {
    const shell = SHELLS.find((one) => one === named);
    if (!shell) throw new TokensphereError("usage", `unknown shell: ${named}. known are ${SHELLS.join(", ")}`);
    return async (effects) => {
      const script = COMPLETIONS[shell](commandTree(command.parent ?? command));
      effects.print(options.json ? JSON.stringify({ shell, script }) : script);
    };
  },
});
