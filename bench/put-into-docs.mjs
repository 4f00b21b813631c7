// Puts measured lines between two marks of a page of docs/, `<!-- name -->` and `<!-- end of name -->`.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const docsPath = (name) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));

export function putIntoDocs(name, lines, page = "speed.md") {
  const path = docsPath(page);
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const text = readFileSync(path, "utf8");
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before < 0 || after < 0) throw new Error(`docs/${page}: no ${begin}`);
  writeFileSync(path, `${text.slice(0, before + begin.length)}\n\n${lines.join("\n").trim()}\n\n${text.slice(after)}`);
}
