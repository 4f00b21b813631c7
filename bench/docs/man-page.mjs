// docs/tokensphere.1, from the program itself: roff, with every command and flag.

/** @param program - Of commander. */
export function manPage(program, version) {
  return `${[
    `.TH TOKENSPHERE 1 "" "tokensphere ${version}" "User Commands"`,
    ".SH NAME",
    "tokensphere \\- ask of a trained transformer what the theory of attention dynamics says of it",
    ".SH SYNOPSIS",
    ".B tokensphere",
    ".I command",
    "[options]",
    ".SH DESCRIPTION",
    text(
      "Reads the residual stream of a network layer by layer, measures how its tokens cluster on the unit sphere, and fits the dynamics SA and USA to it. A model is a hub id, a folder, an .onnx file or a checkpoint; none is the bundled one.",
    ),
    ".SH COMMANDS",
    ...leaves(program, "").flatMap(sectionOf),
    ".SH EXIT STATUS",
    text(
      "0 done, 1 a fault of tokensphere, 2 the command line, 3 a text, file or model that cannot be used, 4 network or engine, 5 disk, 130 and 143 signals.",
    ),
    ".SH ENVIRONMENT",
    text(
      "NO_COLOR: no colours. HF_HOME, HF_HUB_OFFLINE, HF_TOKEN: as Python's huggingface_hub reads them. BROWSER: the program that shows pages.",
    ),
    ".SH SEE ALSO",
    text("README.md and docs/ of the package; P. Rigollet, The mean-field dynamics of transformers, arXiv:2512.01868."),
  ].join("\n")}\n`;
}

function leaves(command, before) {
  const name = `${before}${command.name()}`;
  if (command.commands.length === 0) return [{ name, command }];
  return command.commands.flatMap((part) => leaves(part, `${name} `));
}

function sectionOf({ name, command }) {
  const words = command.registeredArguments.map((one) => {
    const argument = `${one.name()}${one.variadic ? "..." : ""}`;
    return one.required ? `<${argument}>` : `[${argument}]`;
  });
  const flags = command.options
    .filter(({ hidden }) => !hidden)
    .flatMap(({ flags, description, argChoices }) => {
      const choices = argChoices ? ` (${argChoices.join(", ")})` : "";
      return [".TP", `.B ${text(flags)}`, text(`${description}${description.endsWith(choices) ? "" : choices}`)];
    });
  return [`.SS "${text([name, ...words, "[options]"].join(" "))}"`, text(`${command.description()}.`), ...flags];
}

/** Nothing of a text is taken for a request of roff. */
function text(line) {
  return line
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll('"', "\\(dq")
    .replace(/^([.'])/, "\\&$1");
}
