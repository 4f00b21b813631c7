import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

/** Modules of the page's script, each after those that it imports. */
export const PAGE_MODULES = [
  ...[
    "data-shape",
    "clusters",
    "steps",
    "decode",
    "cluster-names",
    "words",
    "address",
    "turn",
    "colours",
    "paper",
    "idle",
  ],
  ...[
    "canvas",
    "draw-sphere",
    "sphere-pointer",
    "draw-depth",
    "draw-gram",
    "shown-text",
    "text-pane",
    "parts",
    "keys",
    "play",
    "copy",
    "fold-conclusion",
    "explorer",
  ],
] as const;

/** A script that is part of a page, and what a content-security policy calls it. */
export interface PageScript {
  readonly text: string;
  /** `sha256-…`. */
  readonly hash: string;
}

/**
 * The script of the explorer as one module: the compiled modules of `page/` one after the other, without their imports and exports. They share
 * one scope and so must not share a name; a page with a name twice would not run. `null` where the package is not built.
 *
 * @param read the JavaScript of a module; default: as it was compiled beside this one.
 */
export function pageScript(read: (module: string) => string | null = readCompiled): PageScript | null {
  const parts: string[] = [];
  for (const name of PAGE_MODULES) {
    const module = read(name);
    if (module === null) return null;
    parts.push(inOneScope(module));
  }
  const text = `\n${parts.join("\n")}\n`;
  return { text, hash: `sha256-${createHash("sha256").update(text).digest("base64")}` };
}

function readCompiled(name: string): string | null {
  const url = new URL(`./page/${name}.js`, import.meta.url);
  return existsSync(url) ? readFileSync(url, "utf8") : null;
}

function inOneScope(module: string): string {
  return module
    .replace(/^import\s[^;]*;\s*$/gm, "")
    .replace(/^export \{\};\s*$/gm, "")
    .replace(/^export (?=(?:async )?function|const|class)/gm, "")
    .replace(/^\/\/# sourceMappingURL=.*$/gm, "")
    .trim();
}
