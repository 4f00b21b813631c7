import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

/** What takes a second to load, or a hundred megabytes. */
const HEAVY = ["onnxruntime-node", "@huggingface/transformers", "vega", "vega-lite", "@resvg/resvg-js"];

/** Files and packages that are loaded before a file runs: imports of values, not those that wait for a call. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(ROOT, file), "utf8");
  for (const [, name] of text.matchAll(/^(?:import|export) (?!type )(?:[^"']*? from )?"([^"]+)";$/gms)) {
    if (name.startsWith(".")) loadedWith(relative(ROOT, resolve(ROOT, dirname(file), name)), seen);
    else seen.add(name);
  }
  return seen;
}

it("help loads neither a network's runtime nor what draws figures", () => {
  const loaded = loadedWith("src/cli-child.ts");
  expect([...loaded]).toEqual(expect.arrayContaining(["commander", "src/commands/probe.ts", "src/options/model.ts"]));
  expect([...HEAVY, "models/onnx/runtime.ts", "src/draw/render.ts"].filter((name) => loaded.has(name))).toEqual([]);
});

it("would be caught at it: the work of probe loads the runtime", () => {
  const loaded = loadedWith("src/study/probe.ts");
  const later = ["@huggingface/transformers", "vega", "vega-lite", "@resvg/resvg-js"];
  expect(HEAVY.filter((name) => !loaded.has(name) && !later.includes(name))).toEqual([]);
});

it("what watches over a command loads next to nothing", () => {
  expect([...loadedWith("src/cli.ts")].filter((name) => !name.startsWith("node:")).length).toBeLessThan(8);
});
