import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it, test } from "vitest";
import { backward, FLOORS, filesByFolder, type House, knots, readHouse, roomOf } from "./structure.mjs";

const ROOT = resolve(import.meta.dirname, "../..");
/** Beyond this a folder is no room but a heap. */
const MOST_FILES = 25;
/** What opens a floor, its index and what all of it stands on. */
const MOST_AT_ROOT = 10;

const house = readHouse(ROOT);
const { files, arrows } = house;
const own = (path: string) => path;

/** The house with some arrows and files more: what a rule must refuse. */
function withPlanted(planted: readonly (readonly [from: string, to: string])[]): House {
  const more = planted.map(([from, to]) => ({ from, to }));
  const all = new Set([...files, ...more.flatMap(({ from, to }) => [from, to])]);
  return { files: [...all], arrows: [...arrows, ...more] };
}

function crowded({ files: all }: House): string[] {
  const most = (folder: string) => (FLOORS.includes(folder) ? MOST_AT_ROOT : MOST_FILES);
  return [...filesByFolder({ files: all, arrows: [] })]
    .filter(([folder, n]) => n > most(folder))
    .map(([folder]) => folder);
}

describe("imports", () => {
  it("follow the data: models, probes, sim, src, never back", () => {
    expect(arrows.length).toBeGreaterThan(500);
    expect(backward(house)).toEqual([]);
  });

  it.each([
    ["probes/cloud.ts", "sim/simulate/simulate.ts"],
    ["models/open-model.ts", "test/helper.ts"],
  ])("would not pass backward: %s from %s", (from, to) => {
    expect(backward(withPlanted([[from, to]]))).toEqual([`${from} -> ${to}`]);
  });

  // Types count: one that lives in the file which consumes it ties the two together.
  it("run in no circle of files", () => {
    expect(knots(arrows, own)).toEqual([]);
  });

  it("would not pass in a circle of files: a type in the file that consumes it", () => {
    const planted = withPlanted([["sim/simulate/options.ts", "sim/simulate/simulate.ts"]]);
    expect(knots(planted.arrows, own)[0]).toContain("sim/simulate/options.ts");
  });
});

describe("rooms", () => {
  it("import each other in no circle", () => {
    expect(knots(arrows, roomOf)).toEqual([]);
  });

  it("would not pass as a knot, though no two files of it are in a circle", () => {
    const planted = withPlanted([
      ["sim/clouds/planted-a.ts", "sim/theory/planted-b.ts"],
      ["sim/theory/planted-c.ts", "sim/clouds/planted-d.ts"],
    ]);
    expect(knots(planted.arrows, own)).toEqual([]);
    expect(knots(planted.arrows, roomOf)[0]).toEqual(expect.arrayContaining(["sim/clouds", "sim/theory"]));
  });

  it(`hold at most ${MOST_FILES} files, ${MOST_AT_ROOT} at the root of a floor`, () => {
    expect(crowded(house)).toEqual([]);
  });

  it("would not pass crowded", () => {
    const planted = Array.from({ length: 30 }, (_, k) => [`sim/events/p${k}.ts`, "models/errors.ts"] as const);
    const atRoot = Array.from({ length: 9 }, (_, k) => [`probes/p${k}.ts`, "models/errors.ts"] as const);
    expect(crowded(withPlanted([...planted, ...atRoot]))).toEqual(["probes", "sim/events"].sort());
  });
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
