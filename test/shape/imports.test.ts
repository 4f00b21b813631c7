import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
/** The data flow: a folder may import from those before it and from itself. */
const FLOW = ["models", "probes", "sim", "src"];

interface Import {
  readonly from: string;
  readonly to: string;
  /** Erased when built: only names of types cross. */
  readonly typeOnly?: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const found = text.matchAll(/(import type[^;]*?)?(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g);
  return [...found].map(([, type, target]) => ({
    from: file,
    to: relative(ROOT, resolve(ROOT, dirname(file), target)),
    typeOnly: type !== undefined,
  }));
}

/** The imports that run against the flow. */
function backward(imports: readonly Import[]): string[] {
  const rank = (path: string): number => FLOW.indexOf(path.split("/")[0]);
  return imports
    .filter(({ from, to }) => rank(to) > rank(from) || rank(to) < 0)
    .map(({ from, to }) => `${from} -> ${to}`);
}

const files = FLOW.flatMap(sources);
const imports = files.flatMap(importsOf);

test("imports follow the data: models, probes, sim, src, never back", () => {
  expect(imports.length).toBeGreaterThan(50);
  expect(backward(imports)).toEqual([]);
});

test("a backward import is caught", () => {
  expect(backward([{ from: "probes/cloud.ts", to: "sim/simulate.ts" }])).toHaveLength(1);
  expect(backward([{ from: "models/open.ts", to: "test/helper.ts" }])).toHaveLength(1);
  expect(backward([{ from: "sim/simulate.ts", to: "probes/cloud.ts" }])).toEqual([]);
});

test("no file imports itself in a circle", () => {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports.filter((i) => !i.typeOnly)) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
    if (done.has(file)) return;
    done.add(file);
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test("no source file is longer than 400 lines", () => {
  const long = files.filter((file) => readFileSync(join(ROOT, file), "utf8").split("\n").length > 400);
  expect(long).toEqual([]);
});

test("the core touches neither console nor process nor Math.random nor the clock", () => {
  const core = files.filter((file) => !file.startsWith("src/"));
  const offenders = core.filter((file) =>
    /\bconsole\.|\bMath\.random\(|\bDate\.now\b|\bperformance\.now\b|\bprocess\.(?!env)/.test(
      readFileSync(join(ROOT, file), "utf8"),
    ),
  );
  expect(offenders).toEqual([]);
});
