import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { meantRun } from "../../src/collection/meant-run.ts";

let cwd: string;
const at = (...parts: readonly string[]) => join(cwd, ...parts);

/** Leaves what makes a folder a run. */
function run(folder: string, created: string, name?: string): void {
  mkdirSync(at(folder), { recursive: true });
  writeFileSync(at(folder, "metrics.csv"), "");
  const head = { format: "tokensphere/run", version: 1, command: "compare", arguments: {}, seed: 1 };
  const rest = { versions: {}, stages: [], files: {} };
  writeFileSync(at(folder, "manifest.json"), JSON.stringify({ ...head, ...rest, created, ...(name ? { name } : {}) }));
}

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-meant-"));
  run("runs/b", "2026-01-03");
  run("runs/a", "2026-01-05", "first");
  run("runs/c", "2026-01-04", "twin");
  run("runs/d", "2026-01-04", "twin");
  run("runs/.e.1.draft", "2026-01-09");
  run("runs/broken", "2026-01-09");
  writeFileSync(at("runs/broken/manifest.json"), "{}");
  mkdirSync(at("runs/zero"));
  writeFileSync(at("runs/zero/manifest.json"), "{}");
  mkdirSync(at("b"));
  mkdirSync(at("first"));
  run("elsewhere/x", "2026-01-01");
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe("the run that is meant", () => {
  it.each([
    [undefined, "runs/a", "the newest, by the moment that its manifest names"],
    ["runs/b", "runs/b", "a folder"],
    ["runs/b/report.html", "runs/b", "a file in it, even one that is gone"],
    ["elsewhere/x", "elsewhere/x", "a folder anywhere"],
    ["c", "runs/c", "the name of its folder under runs/"],
    ["b", "runs/b", "that rather than another folder of this name"],
    ["first", "runs/a", "what it was called, likewise"],
    ["runs/zero", "runs/zero", "a folder that is no run: whoever reads it says so"],
  ] as const)("of %j is %s: %s", (named, folder, _why) => {
    expect(meantRun(cwd, named)).toBe(at(folder));
  });

  it("is refused where there is none, or several have the name", () => {
    expect(() => meantRun(cwd, "none")).toThrow(/^no run: none\. `tokensphere runs` lists/);
    expect(() => meantRun(cwd, "elsewhere/none")).toThrow(/^no run: elsewhere\/none/);
    expect(() => meantRun(cwd, "twin")).toThrow(/^twin: 2 runs have this name\. give one of the folders .*c, .*d$/);
    expect(() => meantRun(at("b"), undefined)).toThrow(/^no run given: runs\/ has none here/);
  });
});
