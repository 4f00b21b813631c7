import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformWithOxc } from "vite";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** As tsconfig.json has it. TypeScript itself takes thirty times as long. */
const TYPES_AWAY = {
  lang: "ts",
  target: "es2023",
  sourcemap: false,
  typescript: { onlyRemoveTypeImports: true, rewriteImportExtensions: "rewrite" },
} as const;

/** The folder of this process and what lies in it: tests that share a process share the copy. */
let folder: string | null = null;
const done = new Set<string>();

/**
 * The named sources and all that they import, as JavaScript in a folder with the project's packages: what a process of its own
 * needs, which cannot run TypeScript. Types are not looked at.
 *
 * @returns The folder, one for all calls of a process, which takes it away at its end. Write nothing into it but under {@link besideCopy}.
 */
export async function javascriptCopy(sources: readonly string[]): Promise<string> {
  folder ??= emptyCopy();
  for (const name of sources) await translate(name, folder);
  return folder;
}

/** A new folder inside the copy, where a program of a test finds the project's packages; `copy` is what {@link javascriptCopy} gave. */
export function besideCopy(copy: string): string {
  return mkdtempSync(join(copy, "beside-"));
}

function emptyCopy(): string {
  const made = mkdtempSync(join(tmpdir(), "tokensphere-js-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  symlinkSync(join(ROOT, "node_modules"), join(made, "node_modules"));
  writeFileSync(join(made, "package.json"), '{ "type": "module", "version": "0.0.0" }');
  return made;
}

async function translate(name: string, copy: string): Promise<void> {
  if (done.has(name)) return;
  done.add(name);
  const source = readFileSync(join(ROOT, name), "utf8");
  const text = name.endsWith(".ts") ? (await transformWithOxc(source, name, TYPES_AWAY)).code : source;
  const path = join(copy, name.replace(/\.ts$/, ".js"));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  // Whatever it imports, starts or hands to Node by a path of its own.
  for (const [, imported] of text.matchAll(/"(\.{1,2}\/[^"]*\.m?js)"/g)) {
    const own = join(dirname(name), imported).replace(/(?<!\.m)\.js$/, ".ts");
    if (existsSync(join(ROOT, own))) await translate(own, copy);
  }
}
