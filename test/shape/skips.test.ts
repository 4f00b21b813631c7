import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const TESTS = resolve(import.meta.dirname, "..");

/** Tests that are left out or alone for no reason of the list. */
function withoutReason(source: string): string[] {
  const calls = source.match(/\b(?:it|test|describe)\.(?:skip|skipIf|runIf|only|todo)\b(?:\([^\n]*)?/g) ?? [];
  return calls.filter((call) => !/^\w+\.skipIf\(.*SKIPS\.\w+\.skipped/.test(call));
}

describe("tests that are left out", () => {
  it("are so for a reason of test/skips.ts", () => {
    const files = readdirSync(TESTS, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".test.ts"));
    const found = files
      .filter((name) => name !== join("shape", "skips.test.ts"))
      .flatMap((name) => withoutReason(readFileSync(join(TESTS, name), "utf8")).map((call) => `${name}: ${call}`));
    expect(found).toEqual([]);
  });

  it("would be found without one", () => {
    const bad = ['it.skip("x")', 'describe.only("x")', "it.todo", "test.runIf(a)", "it.skipIf(!there)"];
    for (const source of bad) expect(withoutReason(source), source).toHaveLength(1);
    expect(withoutReason("it.skipIf(SKIPS.shared.skipped)('x')")).toEqual([]);
  });
});
