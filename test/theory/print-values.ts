import type { ValueKind } from "./fill-command.ts";

/** docs/theory-values.md, from docs/theory-values.json. */
export function printedValues(kinds: readonly ValueKind[]): string {
  const blocks = kinds.map(({ kind, about, command, path, paths = {} }) => {
    const places =
      path === undefined ? Object.entries(paths).map(([name, at]) => `${name}: \`${at}\``) : [`\`${path}\``];
    return `## ${kind}\n\n${about}.\n\n    ${command}\n\nIn the answer at ${places.join(", ")}.`;
  });
  const head = [
    "# Values of the theory, each from one command line",
    "",
    "`{name}` stands for a parameter: a number, a word, or a list with commas; `{name:json}` for JSON; what stands in brackets is left out",
    "where the parameter is null. Places in the answer are names and numbers, those below 0 from the end. A machine reads",
    "`theory-values.json`; `test/theory` runs every command against values of an independent calculation.",
  ];
  return `${[head.join("\n"), ...blocks].join("\n\n")}\n`;
}
