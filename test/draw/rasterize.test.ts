import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { besideCopy, javascriptCopy } from "../javascript-copy.ts";

let program: string;
let folder: string;
beforeAll(async () => {
  program = besideCopy(await javascriptCopy(["src/draw/draw-figure.ts"]));
  folder = mkdtempSync(join(tmpdir(), "tokensphere-draw-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Draws a horizontal line at 9 in a frame that ends at 1: clipped away whole, at which resvg ends its process. */
const PROGRAM = `import { drawFigure } from "../src/draw/draw-figure.js";
const figure = (y) => ({
  data: { values: [{ y }] },
  mark: { type: "rule", clip: true },
  encoding: { y: { field: "y", type: "quantitative", scale: { domain: [0, 1] } } },
});
const said = [];
const draw = (name, y) => drawFigure({ say: (line) => said.push(line) }, process.argv[2], name, figure(y));
await draw("before", 0.5);
await draw("deadly", 9);
await draw("after", 0.5);
await Promise.all([draw("beside", 0.5), draw("deadly-beside", 9), draw("behind", 0.5)]);
await draw("impossible", Number.NaN);
console.log(JSON.stringify(said));`;

it("a picture that ends its rasterizer costs a PNG and a line, no more, also where several are drawn at once", async () => {
  writeFileSync(join(program, "draw.js"), PROGRAM);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(program, "draw.js"), folder]);
  expect(JSON.parse(stdout)).toEqual([
    "warning: deadly.png is not drawn: the rasterizer ended (SIGABRT). deadly.svg shows the same",
    "warning: deadly-beside.png is not drawn: the rasterizer ended (SIGABRT). deadly-beside.svg shows the same",
    expect.stringMatching(/^warning: figure impossible is not drawn: number that cannot be drawn/),
  ]);
  // No trace of another language.
  expect(stderr).toBe("");
  const files = (name: string, ...ends: readonly string[]) => ends.map((end) => `${name}.${end}`);
  const whole = ["png", "svg", "vl.json"];
  expect(readdirSync(folder).sort()).toEqual([
    ...files("after", ...whole),
    ...files("before", ...whole),
    ...files("behind", ...whole),
    ...files("beside", ...whole),
    ...files("deadly-beside", "svg", "vl.json"),
    ...files("deadly", "svg", "vl.json"),
  ]);
  const bytes = (name: string) => readFileSync(join(folder, name));
  for (const end of ["png", "svg"])
    for (const name of ["after", "behind", "beside"]) expect(bytes(`${name}.${end}`)).toEqual(bytes(`before.${end}`));
});
