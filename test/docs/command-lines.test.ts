import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runCli } from "../cli/run-cli.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");

/** A clone of its own, so that runs land nowhere else. */
let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-lines-"));
  for (const name of ["examples", "models"]) symlinkSync(join(ROOT, name), join(cwd, name));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const words = (line: string) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);

/** Lines that take seconds at most; those that fit, and panels of thousands of starts, are run by `node bench/command-lines.mjs`. */
const QUICK = /^tokensphere (inspect|theory|simulate|probe examples)/;
const lines = ["README.md", "docs/plugins.md", "docs/dynamics.md"]
  .flatMap((page) => readFileSync(join(ROOT, page), "utf8").match(/^ *tokensphere .*$/gm) ?? [])
  .map((line) => line.trim().replace(/\s+#.*$/, ""))
  .filter((line) => QUICK.test(line) && !/--plugin|--noise/.test(line));

describe("command lines run as they stand", () => {
  it("and there are some of every quick kind", () => {
    expect(lines.length).toBeGreaterThan(4);
  });

  it.each([...new Set(lines)])("%s", async (line) => {
    const { code, failed } = await runCli(words(line).slice(1), { cwd });
    expect([code, failed]).toEqual([0, []]);
  });
});

it("README's TypeScript block runs, and its comments are true", async () => {
  const [, code] = /^```ts\n([\s\S]*?)^```/m.exec(readme) as RegExpExecArray;
  const path = join(cwd, "block.ts");
  writeFileSync(path, `${code}\nexport { conclusion, families, measures, rivals, states, verdict };\n`);
  const told = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const { conclusion, families, measures, rivals, states, verdict } = await import(/* @vite-ignore */ path);
  expect(told.mock.calls.map(([t]) => t)).toEqual([0, 1, 10]);
  told.mockRestore();
  expect(states.layers.map(({ layer }: { layer: unknown }) => layer).slice(0, 13)).toEqual([...Array(13).keys()]);
  const named = measures.map(({ measure }: { measure: string }) => measure);
  expect(named).toEqual(expect.arrayContaining(["mean_cosine", "mass_0.9", "effective_rank"]));
  expect(families.map(({ name }: { name: string }) => name)).toContain("sa");
  expect([typeof conclusion, typeof verdict, Array.isArray(rivals)]).toEqual(["string", "string", true]);
});
