import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { OPTION_NAMES, option } from "../../models/errors.ts";
import { flagOf, flagsInMessage } from "../../src/effects/flags-in-messages.ts";
import { readHouse } from "./structure.mjs";

const ROOT = resolve(import.meta.dirname, "../..");

/** Flags in a file's code; those of a program that is not ours stand between backticks with its name. */
function flagsIn(source: string): string[] {
  const code = source.replace(/^\s*(?:\/?\*|\/\/).*$/gm, "").replace(/\\?`optimum-cli [^`\n]*`/g, "");
  return code.match(/(?<![\w-])--[a-z][a-z-]+(?![\w.[])/g) ?? []; // `--lanes.active` counts down.
}

describe("a user of the library", () => {
  it("reads no flag of the command line", () => {
    const { files } = readHouse(ROOT);
    const core = files.filter((file) => !file.startsWith("src/") || file.startsWith("src/library/"));
    const found = core.flatMap((file) =>
      flagsIn(readFileSync(join(ROOT, file), "utf8")).map((flag) => `${file}: ${flag}`),
    );
    expect(found).toEqual([]);
  });

  it("would read one here", () => {
    expect(flagsIn('throw new Error("too long. use --truncate");')).toEqual(["--truncate"]);
    expect(flagsIn("const remedy = `run \\`optimum-cli export --model OUT\\``;")).toEqual([]);
    expect(flagsIn(" * As `--truncate` does.\n const last = --lanes.active; --waiting[k];")).toEqual([]);
  });
});

describe("a user of the command line", () => {
  it("reads a flag where the library names an option", () => {
    const message = `too long. cut it with ${option("truncate")}, or use ${option("specialTokens", "keep")} of \`x\``;
    expect(message).toBe("too long. cut it with `truncate`, or use `specialTokens: keep` of `x`");
    expect(flagsInMessage(message)).toBe("too long. cut it with --truncate, or use --special-tokens keep of `x`");
  });

  it("has every flag that is named so", () => {
    const flags = new Set(readFileSync(join(ROOT, "docs/commands.md"), "utf8").match(/--[a-z-]+/g));
    expect(OPTION_NAMES.map(flagOf).filter((flag) => !flags.has(flag))).toEqual([]);
  });
});
