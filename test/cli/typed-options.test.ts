import { Option } from "@commander-js/extra-typings";
import { describe, expect, expectTypeOf, it } from "vitest";
import { DEFAULT_SEED } from "../../models/random.ts";
import type { Dynamics } from "../../sim/dynamics/dynamics.ts";
import { DYNAMICS } from "../../sim/dynamics/dynamics-table.ts";
import { defineCommand } from "../../src/command-line/define-command.ts";
import { numberOption, wholeOption } from "../../src/command-line/number-options.ts";
import type { Given, OptionsOf } from "../../src/command-line/options-of.ts";
import { repeatedOption } from "../../src/command-line/repeated-option.ts";
import { required } from "../../src/command-line/required.ts";
import { FIT } from "../../src/options/fit.ts";
import { PARAMETERS, PLUGINS } from "../../src/options/plugins.ts";
import { resolveDynamics } from "../../src/simulations/resolve-dynamics.ts";
import { fakeEffects, runCli } from "./run-cli.ts";

const effects = fakeEffects({ cwd: "/" }, { out: [], failed: [], said: [] });

const DECLARED = [
  new Option("--flag", "a switch"),
  new Option("--kind <name>", "one of two").choices(["a", "b"]).default("a"),
  wholeOption("--count <number>", "how many", 1).makeOptionMandatory(),
  numberOption("--two-words <number>", "a number"),
  repeatedOption("--word <text>", "some words"),
] as const;

interface Expected {
  readonly flag?: true;
  readonly kind: "a" | "b";
  readonly count: number;
  readonly twoWords?: number;
  readonly word?: readonly string[];
}

describe("declared options", () => {
  it("have the types of what a command line leaves of them", () => {
    expectTypeOf<OptionsOf<typeof DECLARED>>().toEqualTypeOf<Expected>();
  });

  it("are what a command runs on, beside those of all commands", async () => {
    let seen: unknown;
    const make = defineCommand({
      name: "test",
      about: "",
      examples: [],
      argument: { usage: "[word]", about: "" },
      options: DECLARED,
      run: (options, word) => async () => {
        expectTypeOf(options.count).toEqualTypeOf<number>();
        expectTypeOf(options.seed).toEqualTypeOf<number>();
        expectTypeOf(word).toEqualTypeOf<string | undefined>();
        seen = { ...options, argument: word };
      },
    });
    const args = ["here", "--count", "2", "--two-words", "0.5", "--word", "x", "--word", "y"];
    await make(effects).parseAsync(args, { from: "user" });
    expect(seen).toEqual({
      kind: "a",
      count: 2,
      twoWords: 0.5,
      word: ["x", "y"],
      seed: DEFAULT_SEED,
      argument: "here",
    });
  });

  it("are required by the way a command is run", () => {
    const options: Expected = { kind: "a", count: 1, twoWords: 3 };
    const narrowed = required(DECLARED, options, ["twoWords"]);
    expectTypeOf(narrowed).toEqualTypeOf<Given<Expected, "twoWords">>();
    expect(narrowed.twoWords).toBe(3);
    const missing = "required option '--two-words <number>' not specified";
    expect(() => required(DECLARED, { kind: "a", count: 1 } as Expected, ["word", "twoWords"])).toThrow(missing);
    expect(() => required(DECLARED, options, ["word"], "--word: missing")).toThrow("--word: missing");
  });
});

describe("--plugin, --parameter and --families", () => {
  /** Options after a command line that ends well. */
  async function parsed(...args: string[]) {
    const seen: OptionsOf<readonly [...typeof FIT, ...typeof PLUGINS]>[] = [];
    const run = (options: (typeof seen)[number]) => async () => void seen.push(options);
    const make = defineCommand({ name: "test", about: "", examples: [], options: [...FIT, ...PLUGINS], run });
    await make(effects).parseAsync(args, { from: "user" });
    return seen[0];
  }

  it("may be given more than once, a list once", async () => {
    const args = ["--plugin", "a.mjs", "--plugin", "b.mjs", "--parameter", "radius=0.3", "--parameter", "k=2"];
    const { plugin, parameter, families } = await parsed(...args, "--families", "sa, my_krause");
    expect({ plugin, parameter, families }).toEqual({
      plugin: ["a.mjs", "b.mjs"],
      parameter: { radius: 0.3, k: 2 },
      families: ["sa", "my_krause"],
    });
    expect((await parsed()).families).toEqual(["sa", "usa"]);
  });

  it.each([
    ["1e-3", 1e-3],
    [".5", 0.5],
    ["-2", -2],
    ["[1, 2]", [1, 2]],
    ['{"a": true}', { a: true }],
    ['"word"', "word"],
  ])("read a parameter's value %s as a number or JSON", async (text, value) => {
    expect((await parsed("--parameter", `p=${text}`)).parameter).toEqual({ p: value });
  });

  it.each([
    ["--parameter", "radius", "wants name=value"],
    ["--parameter", "=3", "wants name=value"],
    ["--parameter", "radius= ", "wants name=value"],
    ["--parameter", "radius=wide", "wants a finite number or JSON"],
    ["--parameter", "radius=1e999", "wants a finite number or JSON"],
    ["--parameter", "radius=[1e999]", "wants a finite number or JSON"],
    ["--families", "sa,,usa", "wants different names"],
    ["--families", "sa,sa", "wants different names"],
  ])("are refused in one line: %s %s", async (flag, value, message) => {
    const { code, out, failed } = await runCli(["fit", "states.npy", flag, value], { cwd: "/" });
    expect({ code, out }).toEqual({ code: 2, out: [] });
    expect(failed).toEqual([expect.stringContaining(`${flag} ${message}`)]);
  });

  it("are offered where they are of use", () => {
    const flags = [...FIT, ...PLUGINS, ...PARAMETERS].map(({ long }) => long);
    expect(flags).toEqual(expect.arrayContaining(["--plugin", "--parameter", "--families"]));
  });
});

describe("--dynamics", () => {
  const mine: Dynamics = { ...DYNAMICS.sa, name: "my_krause" };

  it("names one of the table or one that was brought, hyphens for underscores", () => {
    expect(resolveDynamics("SA-ngpt")).toBe(DYNAMICS.sa_ngpt);
    expect(resolveDynamics("my-krause", [mine])).toBe(mine);
  });

  it("is refused by a line that lists them all", async () => {
    const names = Object.keys(DYNAMICS).join(", ");
    expect(() => resolveDynamics("mine", [mine])).toThrow(`Allowed choices are ${names}, my_krause.`);
    const size = ["--n", "3", "--d", "2", "--times", "1"];
    for (const line of [
      ["simulate", ...size, "--beta", "1"],
      ["simulate", ...size, "--beta", "1", "--noise", "1", "--step", "1"],
      ["simulate", ...size.slice(0, 4), "--beta", "1", "--layer-steps", "1", "--step", "1"],
      ["sweep", ...size, "--betas", "1"],
    ]) {
      const { code, failed } = await runCli([...line, "--dynamics", "mine"], { cwd: "/" });
      const what = "error: option '--dynamics <name>' argument 'mine' is invalid.";
      expect({ code, failed }).toEqual({ code: 2, failed: [`${what} Allowed choices are ${names}.`] });
    }
  });
});
