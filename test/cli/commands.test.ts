import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { buildProgram } from "../../src/program.ts";
import { fakeEffects } from "./run-cli.ts";

const SRC = resolve(import.meta.dirname, "../../src");
const program = buildProgram(fakeEffects({ cwd: "/" }, { out: [], failed: [], said: [] }), []);

/** Every command but the program itself, by its words: `mean-field`, `mean-field chaos`. */
function commandsOf(command: Command, path: readonly string[] = []): [words: string, Command][] {
  return command.commands.flatMap((part): [string, Command][] => {
    const words = [...path, part.name()];
    return [[words.join(" "), part], ...commandsOf(part, words)];
  });
}

function filesIn(folder: string): string[] {
  return readdirSync(join(SRC, folder), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
}

const sources = ["command-line", "options", "commands"].flatMap((folder) =>
  filesIn(folder).map((name) => readFileSync(join(SRC, folder, name), "utf8")),
);

/** Flags as help shows them, wherever a source makes an option of one: `("--beta <number>"`. */
function flagsIn(texts: readonly string[]): string[] {
  return texts.flatMap((text) =>
    [...text.matchAll(/\(\s*"((?:-\w, )?--[a-z][a-z0-9-]*(?: <[^"]*>)?)"/g)].map(([, flag]) => flag),
  );
}

function twice(flags: readonly string[]): string[] {
  return flags.filter((flag, k) => flags.indexOf(flag) !== k);
}

describe("a command", () => {
  it("is one file, and every file is a command", () => {
    const files = filesIn("commands").map((name) => name.replace(/\.ts$/, "").replaceAll("/", " "));
    expect(files.sort()).toEqual(
      commandsOf(program)
        .map(([words]) => words)
        .sort(),
    );
  });
});

describe("a flag", () => {
  it("is declared in one place", () => {
    expect(twice(flagsIn(sources))).toEqual([]);
  });

  it("would not pass declared twice", () => {
    const planted = 'export const again = new Option("--beta-range <lo,hi>", "a second time");';
    expect(twice(flagsIn([...sources, planted]))).toEqual(["--beta-range <lo,hi>"]);
  });

  it("is a command's wherever it is declared, and declared wherever it is a command's", () => {
    const used = new Set(commandsOf(program).flatMap(([, { options }]) => options.map(({ flags }) => flags)));
    expect([...new Set(flagsIn(sources))].sort()).toEqual([...used].sort());
  });
});
