import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { textWidth } from "../../src/draw/dejavu.ts";
import { renderSvg, writeFigure } from "../../src/draw/render.ts";
import { betaProfile, betaProfileRows } from "../../src/figures/betaProfile.ts";
import type { FigureSpec } from "../../src/figures/parts/spec.ts";
import { smallRun } from "./small-run.ts";

const spec = betaProfile(betaProfileRows(smallRun().fit));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokensphere-figures-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a figure is written as specification, SVG and PNG, and nothing else is left", async () => {
  const paths = await writeFigure(folder, "betaProfile", spec);
  expect((await readdir(folder)).sort()).toEqual(["betaProfile.png", "betaProfile.svg", "betaProfile.vl.json"]);
  expect(JSON.parse(await readFile(paths.spec, "utf8"))).toEqual(spec);
  expect(await readFile(paths.svg, "utf8")).toBe(await renderSvg(spec));
});

test("a folder that cannot be written is a failure of kind disk", async () => {
  const inFile = (await writeFigure(folder, "betaProfile", spec)).svg;
  await expect(writeFigure(inFile, "again", spec)).rejects.toMatchObject({ name: "TokensphereError", kind: "disk" });
});

test("drawing logs nothing", async () => {
  const methods = (["log", "warn", "error", "info", "debug"] as const).map((method) => vi.spyOn(console, method));
  await renderSvg(spec);
  for (const method of methods) expect(method).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

test("a warning of the compiler is an error", async () => {
  const wrong = {
    ...spec,
    layer: undefined,
    mark: "bar",
    encoding: { x: { field: "beta", type: "nominal", scale: { type: "log" } } },
  };
  await expect(renderSvg(wrong as unknown as FigureSpec)).rejects.toThrow(/figure with warnings/);
});

test("data that lie elsewhere are refused", async () => {
  const remote = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    data: { url: "https://example.org/rows.csv" },
    mark: "point",
  };
  await expect(renderSvg(remote as unknown as FigureSpec)).rejects.toThrow(/data must be inline/);
});

test("the SVG is one picture with a description", async () => {
  const svg = await renderSvg({ ...spec, description: 'a < b & "c"' });
  expect(svg).toMatch(/^<svg role="img" aria-label="a &lt; b &amp; &quot;c&quot;" /);
});

test("coordinates have at most two decimals, and labels keep theirs", async () => {
  const svg = await renderSvg(spec);
  for (const [attribute] of svg.matchAll(/ (?:d|transform)="[^"]*"/g)) expect(attribute).not.toMatch(/\.\d{3}/);
});

test("text is measured in DejaVu Sans: the advances of its own tables, 2048 units an em", () => {
  // As Chromium's canvas measures the same files at 2048 px.
  expect(textWidth("i", { fontSize: 2048 })).toBe(569);
  expect(textWidth("W", { fontSize: 2048 })).toBe(2025);
  expect(textWidth("β", { fontSize: 2048 })).toBe(1307);
  expect(textWidth("W", { fontSize: 2048, fontWeight: "bold" })).toBe(2259);
  expect(textWidth("iW", { fontSize: 10 })).toBeCloseTo((10 * (569 + 2025)) / 2048, 12);
});
