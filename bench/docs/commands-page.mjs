// The text of docs/commands.md, from the program itself.

const HEAD = `# Commands

Every command and every flag, as \`--help\` has them. A model is a hub id, a folder, a \`.onnx\` file or a checkpoint; none is the bundled one.

This page is printed from the program: \`npm run build && node bench/docs.mjs\`.
`;

/** @param program - Of commander. */
export function commandsPage(program) {
  const parts = leaves(program, "").flatMap(({ name, command }) => [
    `## ${name}`,
    `${capital(command.description())}.`,
    `\`${usage(name, command)}\``,
    table(command),
  ]);
  return `${HEAD}\n${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Commands that do something, by their full names. */
function leaves(command, before) {
  const name = `${before}${command.name()}`;
  if (command.commands.length === 0) return [{ name, command }];
  return command.commands.flatMap((part) => leaves(part, `${name} `));
}

function usage(name, command) {
  const words = command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`));
  return [name, ...words, "[options]"].join(" ");
}

function table(command) {
  const rows = command.options
    .filter(({ hidden }) => !hidden)
    .map(({ flags, description, defaultValue, argChoices }) => {
      const choices =
        argChoices && !description.endsWith(`(${argChoices.join(", ")})`) ? ` (${argChoices.join(", ")})` : "";
      return `| \`${escaped(flags)}\` | ${escaped(description.replace(/ \(default: [^)]*\)/, ""))}${choices} | ${shown(defaultValue ?? told(description))} |`;
    });
  return ["| flag | meaning | default |", "|---|---|---|", ...rows].join("\n");
}

/** Where the program fills a default in later, its description says which. */
function told(description) {
  return description.match(/\(default: ([^)]*)\)/)?.[1];
}

function shown(value) {
  if (value === undefined || value === false || (Array.isArray(value) && value.length === 0)) return "";
  return `\`${escaped(typeof value === "string" ? value : JSON.stringify(value))}\``;
}

const escaped = (text) => text.replaceAll("|", "\\|");
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
