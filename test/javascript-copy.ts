import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const compilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  rewriteRelativeImportExtensions: true,
  verbatimModuleSyntax: true,
};

/**
 * The named sources and all that they import, as JavaScript in a new folder with the project's packages: what a process of its own
 * needs, which cannot run TypeScript. Types are not looked at, so this takes a fraction of a second.
 *
 * @returns The folder; the caller takes it away.
 */
export function javascriptCopy(sources: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "tokensphere-js-"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "version": "0.0.0" }');
  const done = new Set<string>();
  for (const name of sources) translate(name, folder, done);
  return folder;
}

function translate(name: string, folder: string, done: Set<string>): void {
  if (done.has(name)) return;
  done.add(name);
  const source = readFileSync(join(ROOT, name), "utf8");
  const text = name.endsWith(".ts") ? ts.transpileModule(source, { compilerOptions }).outputText : source;
  const path = join(folder, name.replace(/\.ts$/, ".js"));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  // Whatever it imports, starts or hands to Node by a path of its own.
  for (const [, imported] of text.matchAll(/"(\.{1,2}\/[^"]*\.m?js)"/g)) {
    const own = join(dirname(name), imported).replace(/(?<!\.m)\.js$/, ".ts");
    if (existsSync(join(ROOT, own))) translate(own, folder, done);
  }
}
