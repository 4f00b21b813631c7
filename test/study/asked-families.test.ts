import { describe, expect, it } from "vitest";
import { asDynamics } from "../../sim/dynamics/define-dynamics.ts";
import { FAMILIES } from "../../src/laws/families.ts";
import { askedFamilies } from "../../src/study/asked-families.ts";

const krause = asDynamics(
  { name: "krause", parameters: { radius: { default: 0.5, least: 0, most: 2 } }, field() {} },
  "mine.mjs",
);
const needy = asDynamics({ name: "needy", parameters: { size: {} }, field() {} }, "mine.mjs");
const plugins = { dynamics: [krause, needy] };

const asked = (names: string, parameters = {}) => askedFamilies(names.split(","), plugins, parameters);

describe("the families of a command line", () => {
  it("are those of the table as they stand there, and the baseline needs no asking", () => {
    expect(asked("sa,usa,frozen")).toEqual(FAMILIES.slice(0, 2));
  });

  it("may be any dynamics, and none looks like another", () => {
    const names = "sa,usa,krause,sa_causal,usa_multihead,usa_repulsive,hardmax,sa_preln,sa_periln";
    const parameters = { heads: [{ Q: [[1]], K: [[1]], V: [[1]] }] };
    const looks = asked(names, parameters).map(({ colour, dash }) => `${colour} ${dash}`);
    expect(new Set(looks).size).toBe(9);
  });

  it("look the same whatever else is loaded", () => {
    const alone = askedFamilies(["usa_repulsive"], { dynamics: [] });
    expect(asked("usa_repulsive")).toEqual(alone);
  });

  it("get the parameters that their dynamics read, and no others", () => {
    const [sa, own] = asked("sa,krause", { radius: 0.9 });
    expect([sa.parameters, own.parameters]).toEqual([undefined, { radius: 0.9 }]);
  });

  it.each([
    ["sa,nope", {}, "usage", /^family: nope\. use sa, usa, averaging, frozen/],
    ["sa,krause", { size: 1 }, "usage", /^--parameter size: none of sa, krause reads it/],
    ["sa", { toString: 1 }, "usage", /^--parameter toString: none of sa reads it/],
    ["krause", { radius: 7 }, "input", /^radius: 7/],
    ["sa,needy", {}, "usage", /size missing/],
    ["sa,sa_qkv", {}, "usage", /^params: Q missing\. sa_qkv needs Q, K, V/],
    ["frozen", {}, "usage", /^families: none that moves/],
    ["sa,sa", {}, "usage", /^families: sa twice/],
  ])("are refused before any work: %s with %j", (names, parameters, kind, message) => {
    expect(() => asked(names, parameters)).toThrow(
      expect.objectContaining({ kind, message: expect.stringMatching(message) }),
    );
  });
});
