import { Command, Option } from "commander";
import { describe, expect, it } from "vitest";
import { type Conflict, refuseConflicts } from "../../src/command-line/conflicts.ts";
import { BY_CONFLICTS } from "../../src/options/by.ts";
import { DENSITY_CONFLICTS } from "../../src/options/densities.ts";
import { PRESET_CONFLICTS } from "../../src/options/preset.ts";
import { SIMULATE_CONFLICTS } from "../../src/options/simulate.ts";
import { TEXT_CONFLICTS } from "../../src/options/texts.ts";
import { runCli } from "./run-cli.ts";

/** A value for every flag that takes one and is in a conflict. */
const VALUES: Readonly<Record<string, string>> = {
  ...{
    beta: "1",
    angles: "0,1",
    init: "a.npy",
    tensor: "x",
    step: "0.1",
    noise: "2",
    paths: "3",
    layerSteps: "4",
    method: "rk4",
  },
  ...{
    event: "merge=0.9",
    until: "merge=0.9",
    maxSteps: "9",
    timeUnit: "exp",
    noiseKind: "common",
    strengths: "1,2",
    passage: "0.9",
    cap: "1",
    betas: "1,2",
    seeds: "2",
    threshold: "0.5",
    rtol: "1e-3",
  },
  ...{ precision: "float64", workers: "1", n: "4", d: "2", times: "0,1" },
  ...{ chunk: "max", text: "hello", textFile: "a.txt", inputs: "a.json", image: "a.png", preset: "glpr-figure1" },
  ...{ by: "depth=1,2", looped: "24" },
  ...{ panels: "0,1", plugin: "mine.mjs", parameter: "radius=1" },
};

function flag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function given(names: readonly string[]): string[] {
  return [...new Set(names)].flatMap((name) => [flag(name), ...(name in VALUES ? [VALUES[name]] : [])]);
}

type Row = readonly [line: string, says: string];

/** A command line for each flag of each conflict, beside each flag that it does not go with. */
function rowsOf(command: string, conflicts: readonly Conflict[]): Row[] {
  return conflicts.flatMap(({ flags, with: others = [], says }) =>
    flags.flatMap((name) =>
      (others.length > 0 ? others : [""]).map((other): Row => {
        const words = given(other === "" ? [name] : [name, other]);
        return [
          [command, ...words].join(" "),
          says.replace("{flag}", flag(name)).replace("{value}", () => VALUES[name]),
        ];
      }),
    ),
  );
}

const ROWS = [
  ...rowsOf("simulate --dynamics sa", SIMULATE_CONFLICTS),
  ...rowsOf("mean-field --beta 1 --times 0,1 --start uniform", DENSITY_CONFLICTS),
  ...rowsOf("mean-field chaos --beta 1 --time 1 --start uniform", DENSITY_CONFLICTS),
  ...rowsOf("compare --text hello", BY_CONFLICTS),
  ...["probe", "compare"].flatMap((name) => rowsOf(name, [...PRESET_CONFLICTS, ...TEXT_CONFLICTS])),
];

describe("flags that do not go together", () => {
  it.each(ROWS)("%s is refused in one line, before anything is opened", async (line, says) => {
    const { code, out, failed } = await runCli(line.split(" "), { cwd: "/nowhere" });
    expect({ code, out, failed }).toEqual({ code: 2, out: [], failed: [`error: ${says}`] });
  });
});

describe("a conflict", () => {
  function refusal(args: readonly string[], conflicts: readonly Conflict[]): string | null {
    const command = new Command()
      .addOption(new Option("--way <name>").default("usual"))
      .addOption(new Option("--long-name"))
      .addOption(new Option("--other"));
    command.parse([...args], { from: "user" });
    try {
      refuseConflicts(command, conflicts);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }
  const way: Conflict = { flags: ["way"], with: ["other"], except: "safe", says: "{flag}: {value}. leave it out" };

  it("is about what was given: a default stands beside everything", () => {
    expect(refusal(["--other"], [way])).toBeNull();
    expect(refusal(["--way", "usual", "--other"], [way])).toBe("--way: usual. leave it out");
  });

  it("lets a harmless value stand", () => {
    expect(refusal(["--way", "safe", "--other"], [way])).toBeNull();
    expect(BY_CONFLICTS[0].except).toBe(0); // `--looped 0` loops nothing.
  });

  it("tells flag and value as they were written, whatever is in them", () => {
    const long: Conflict = { flags: ["longName"], without: ["other"], says: "{flag} wants --other" };
    expect(refusal(["--long-name"], [long])).toBe("--long-name wants --other");
    expect(refusal(["--way", "$&", "--other"], [way])).toBe("--way: $&. leave it out");
  });

  it("is told in the order of the list", () => {
    const second: Conflict = { flags: ["longName"], with: ["other"], says: "second" };
    expect(refusal(["--way", "x", "--other", "--long-name"], [second, way])).toBe("second");
  });
});
