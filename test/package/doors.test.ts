import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TokensphereError } from "../../models/errors.ts";
import { door } from "../../src/library/door.ts";
import * as main from "../../src/library/doors/main.ts";
import * as models from "../../src/library/doors/models.ts";
import * as probes from "../../src/library/doors/probes.ts";
import * as sim from "../../src/library/doors/sim.ts";

// A writer that is given "x" begins a file of that name where it stands.
const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "tokensphere-doors-"));
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

type Unchecked = (...args: readonly unknown[]) => unknown;

/** What is thrown, or the failure of a promise or of the first value of a generator; null where the call is answered. */
async function failureOf(f: Unchecked, args: readonly unknown[]): Promise<unknown> {
  try {
    const answer = await f(...args);
    if (typeof answer === "object" && answer !== null && "next" in answer) await (answer.next as Unchecked)();
    return null;
  } catch (error) {
    return error;
  }
}

/** Vega-Lite says itself what a figure lacks. */
const VEGA = /^Error: Invalid specification \{\}/;

/** Whatever it is, it says what was expected: that it was called in the wrong way must not look like a fault of ours. */
const isOurs = (failure: unknown) =>
  failure === null || failure instanceof TokensphereError || VEGA.test(String(failure));

describe("the library, called without types,", () => {
  it.each(Object.entries({ main, models, probes, sim }))(
    "says what was expected: every function of %s",
    async (_, floor) => {
      const found: string[] = [];
      let called = 0;
      for (const [name, f] of Object.entries(floor)) {
        if (typeof f !== "function" || f === TokensphereError) continue;
        called++;
        for (const value of [undefined, null, 1, "x", {}, []]) {
          const failure = await failureOf(f as Unchecked, [value]);
          if (!isOurs(failure)) found.push(`${name}(${JSON.stringify(value)}): ${failure}`);
        }
      }
      expect(called).toBeGreaterThan(20);
      expect(found).toEqual([]);
    },
  );

  it.each<[unknown[], string]>([
    [[null], "cloudSize: cloud is null. give an object with x, n"],
    [[{ x: [], n: "3" }], "cloudSize: cloud.n is a string. give a number"],
    [[{ x: [], n: 3 }, 1, {}], "cloudSize: kind is an object. give a text or null"],
    [[{ x: [], n: 3, unit: 1 }, 1], "cloudSize: cloud.unit is a number. give a text"],
    [[{ x: [], n: 3 }], "cloudSize: beta is undefined. give a number or a list"],
  ])("is told in one line: %j", (args, message) => {
    const cloudSize = (cloud: { n: number }, _beta: number, _kind?: string | null) => cloud.n;
    const guarded = door(
      cloudSize,
      "cloud: { x: list, n: number, unit?: text }",
      "beta: number | list",
      "kind?: text | null",
    );
    expect(() => (guarded as unknown as Unchecked)(...args)).toThrow(
      expect.objectContaining({ name: "TokensphereError", kind: "usage", message }),
    );
    expect((guarded as unknown as Unchecked)({ x: new Float32Array(2), n: 3 }, [1])).toBe(3);
  });
});
