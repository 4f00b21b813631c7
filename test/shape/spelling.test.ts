import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const PAGES = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];
const FOLDERS = ["models", "probes", "sim", "src", "bench", "docs", "examples", "test"];

/** Words that end in -ize here, as the field writes `--normalize` and `tokenizer`; others (otherwise, promise, noise) do not change. */
const STEMS = [
  ..."normal token factor quant optim initial linear minim maxim symmetr standard recogn orthogonal vector".split(" "),
  ..."regular general raster parametr discret random stabil synchron summar serial".split(" "),
];
const OTHER = new RegExp(`(?:${STEMS.join("|")})is(?:e[ds]?|ers?|ing|ations?|able)(?![a-z])`, "gi");

function spelledOtherwise(text: string): string[] {
  // A word within a name ends where the next begins with a capital.
  return text.replace(/([a-z])([A-Z])/g, "$1 $2").match(OTHER) ?? [];
}

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:ts|mjs|md|py)$/.test(name) && !/passages/.test(name))
    .map((name) => join(folder, name));
}

describe("the one spelling, -ize", () => {
  it("is that of every file and of its name", () => {
    const files = [...PAGES, ...FOLDERS.flatMap(filesOf)].filter((name) => !name.endsWith("spelling.test.ts"));
    expect(files.length).toBeGreaterThan(500);
    const found = files.flatMap((name) =>
      spelledOtherwise(`${name}\n${readFileSync(join(ROOT, name), "utf8")}`).map((word) => `${name}: ${word}`),
    );
    expect(found).toEqual([]);
  });

  it("would be missed in words, names and constants, and not in words that are spelled so", () => {
    const bad = ["it normalises", "normaliseRows", "QUANTISED", "secondInitialiser", "re-optimisation"];
    for (const text of bad) expect(spelledOtherwise(text), text).toHaveLength(1);
    expect(spelledOtherwise("otherwise a promise of noise rises; normalize, analyse, standard islands")).toEqual([]);
  });
});
