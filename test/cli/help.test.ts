import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../src/effects/version.ts";
import { buildProgram } from "../../src/program.ts";
import { fakeEffects, runCli } from "./run-cli.ts";

const WORLD = { cwd: "/" };
const program = buildProgram(fakeEffects(WORLD, { out: [], failed: [], said: [] }), []);

/** Words that lead to a command, and the command. */
function leaves(command: Command, path: readonly string[] = []): [string, Command][] {
  if (command.commands.length === 0) return [[path.join(" "), command]];
  return command.commands.flatMap((c) => leaves(c, [...path, c.name()]));
}

describe("help", () => {
  it("knows the six commands of the main job", () => {
    const names = program.commands.map((c) => c.name());
    expect(names).toEqual(expect.arrayContaining(["compare", "inspect", "probe", "simulate", "fit", "report"]));
  });

  it.each(leaves(program))("of %s shows an example of it and every option", async (path, command) => {
    const { code, out, failed } = await runCli([...path.split(" "), "--help"], WORLD);
    const text = out.join("\n");
    expect({ code, failed }).toEqual({ code: 0, failed: [] });
    expect(text.slice(text.indexOf("Example:"))).toContain(`tokensphere ${path.split(" ")[0]}`);
    for (const option of command.options) {
      expect(text, `option ${option.long}`).toContain(option.flags);
      expect(option.description, `what ${option.long} does`).not.toBe("");
    }
  });

  it.each(leaves(program))("of %s offers --json, --seed, --quiet and --debug", (_path, command) => {
    const flags = command.options.map((o) => o.long);
    expect(flags).toEqual(expect.arrayContaining(["--json", "--seed", "--quiet", "--debug"]));
  });

  it("is shown line by line on stderr, with exit code 2, where no command is given", async () => {
    const { code, out, failed } = await runCli([], WORLD);
    expect({ code, out }).toEqual({ code: 2, out: [] });
    expect(failed[0]).toMatch(/^Usage: tokensphere .*\n\n/);
    expect(failed[0]).toMatch(/\n {2}simulate .*/);
  });

  it("goes to stdout, with exit code 0, where it is asked for", async () => {
    for (const args of [["--help"], ["help"]]) {
      const { code, out, failed } = await runCli(args, WORLD);
      expect({ code, failed }).toEqual({ code: 0, failed: [] });
      expect(out.join("\n")).toContain("Usage: tokensphere");
    }
  });

  it("tells the version", async () => {
    expect(await runCli(["--version"], WORLD)).toMatchObject({ code: 0, out: [VERSION] });
  });
});
