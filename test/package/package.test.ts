import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../../models/open-model.ts";
import { SKIPS } from "../skips.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const MODEL = "models/bundled";

interface Packed {
  /** Bytes, packed. */
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

let packed: Packed;
let paths: readonly string[];
beforeAll(() => {
  const told = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  [packed] = JSON.parse(told.slice(told.indexOf("["))) as [Packed];
  paths = packed.files.map(({ path }) => path);
});

describe("the package", () => {
  it.skipIf(SKIPS.built.skipped)("is at most 9 MB packed, with what the program needs", () => {
    expect(packed.size, sizes()).toBeLessThanOrEqual(9e6);
    expect(paths).toEqual(expect.arrayContaining(["dist/src/cli.js", "dist/src/index.js", "dist/src/index.d.ts"]));
  });

  it("holds the weights once: the checkpoint, which can be initialized, looped and cut", () => {
    const weights = paths.filter((path) => path.startsWith(MODEL) && /\.(onnx|safetensors|bin)$/.test(path));
    expect(weights).toEqual([`${MODEL}/model.safetensors`]);
  });

  it("holds no source maps, no Python, nothing of the training, no tests", () => {
    expect(paths.filter((path) => /\.map$|\.py$|\/training\/|\/fixtures\/|^test\/|^bench\/|\.log$/.test(path))).toEqual(
      [],
    );
  });

  it("holds the pages and the pictures that README and pages show", () => {
    const pages = paths.filter((path) => path.endsWith(".md"));
    expect(pages).toEqual(expect.arrayContaining(["README.md", "docs/fit.md"]));
    const missing = pages.flatMap((page) =>
      [...readFileSync(join(ROOT, page), "utf8").matchAll(/!\[[^\]]*\]\(([^)\s#]+)/g)]
        .map(([, target]) => join(dirname(page), target))
        .filter((picture) => !/^https?:/.test(picture) && !picture.includes("/training/") && !paths.includes(picture)),
    );
    expect(missing).toEqual([]);
  });
});

describe("the model of the package", () => {
  const folder = mkdtempSync(join(tmpdir(), "tokensphere-packed-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("gives without the ONNX file the states that it gives with it", async () => {
    for (const path of paths.filter((path) => path.startsWith(`${MODEL}/`))) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      symlinkSync(join(ROOT, path), join(folder, path));
    }
    const states = await Promise.all(
      [ROOT, folder].map(async (root) => {
        const model = await openModel(join(root, MODEL));
        const { layers } = await model.states("The sea was calm and the night was dark.");
        await model.close();
        return layers;
      }),
    );
    expect(states[1]).toHaveLength(states[0].length);
    // Two float32 graphs of the same weights that add in different orders, as in test/bundled.
    for (const [k, { x }] of states[0].entries()) {
      expect(Math.max(...x.map((value, i) => Math.abs(value - states[1][k].x[i])))).toBeLessThan(1e-4);
    }
  });
});

/** By folder, the largest first: what to look at where it grows. */
function sizes(): string {
  const by = new Map<string, number>();
  for (const { path, size } of packed.files) {
    const folder = path.split("/").slice(0, 2).join("/");
    by.set(folder, (by.get(folder) ?? 0) + size);
  }
  return [...by]
    .sort(([, a], [, b]) => b - a)
    .map(([folder, size]) => `${folder} ${size}`)
    .join(", ");
}
