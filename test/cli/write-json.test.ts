import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeJson } from "../../src/run/write-json.ts";
import { writeWhole } from "../../src/run/write-whole.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tokensphere-json-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(value: unknown): string {
  const path = join(folder, "value.json");
  writeJson(path, value);
  return readFileSync(path, "utf8");
}

/** Strings that look like what is joined: brackets, line breaks, numbers. */
const tricky = fc
  .array(fc.constantFrom("[", "]", "\n", "  ", "1", "-2e5", ",", '"', "null", "\\", "[\n  1,\n  2\n]", "é"), {
    maxLength: 8,
  })
  .map((parts) => parts.join(""));

describe("written JSON", () => {
  it("reads back as the value that was given, whatever its strings hold", () => {
    const values = fc.letrec((tie) => ({
      leaf: fc.oneof(
        tricky,
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
      ),
      node: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        tie("leaf"),
        fc.array(tie("node"), { maxLength: 4 }),
        fc.dictionary(tricky, tie("node"), { maxKeys: 4 }),
      ),
    })).node;
    fc.assert(
      fc.property(values, (value) => {
        expect(JSON.parse(written(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 100 },
    );
  });

  it("has a list of numbers on one line and other lists on many", () => {
    const text = written({ counts: [1, -2.5, 3e-9, null], words: ["a", "b"], empty: [] });
    expect(text).toContain('"counts": [1, -2.5, 3e-9, null]');
    expect(text.split("\n").length).toBe(9);
    expect(text.endsWith("\n")).toBe(true);
  });

  it("fails as a disk fails where there can be no folder, and leaves nothing half-written", () => {
    written(1);
    const below = join(folder, "value.json/file.txt");
    expect(() => writeWhole(below, "x")).toThrow(expect.objectContaining({ kind: "disk" }));
    expect(readdirSync(folder)).toEqual(["value.json"]);
  });
});
