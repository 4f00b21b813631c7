import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { SKIPS } from "../skips.ts";
import { runCli } from "./run-cli.ts";

const script = async (shell: string) => (await runCli(["completion", shell], { cwd: "/" })).out.join("\n");

/** What bash offers behind some words, the last of them begun. */
async function offered(...words: string[]): Promise<readonly string[]> {
  const line = words.map((word) => `'${word}'`).join(" ");
  const ask = `COMP_WORDS=(tokensphere ${line}); COMP_CWORD=${words.length}; _tokensphere; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const told = execFileSync("bash", ["-c", `${await script("bash")}\n${ask}`], { encoding: "utf8" });
  return told.split("\n").filter((word) => word !== "");
}

describe("completion in bash", () => {
  it("offers commands, their parts, their flags and the values of a flag", async () => {
    expect(await offered("com")).toEqual(["compare", "completion"]);
    expect(await offered("theory", "gro")).toEqual(["growth"]);
    expect(await offered("probe", "--save")).toEqual(["--save-states"]);
    expect(await offered("probe", "./model", "--dtype", "fp")).toEqual(["fp32", "fp16"]);
    expect(await offered("simulate", "--prob")).toEqual([]);
  });

  it("leaves files to the shell", async () => {
    expect(await offered("compare", "./mod")).toEqual([]);
    expect(await script("bash")).toContain("complete -o default");
  });
});

describe.skipIf(SKIPS.fish.skipped)("completion in fish (skipped where it is not installed)", () => {
  it("offers commands, flags and the values of a flag, each with what it is", async () => {
    const lines = ["tokensphere com", "tokensphere compare --bet", "tokensphere probe --special-tokens "];
    const asked = lines.map((line) => `complete -C '${line}'`).join("; ");
    const told = execFileSync("fish", ["--no-config", "-c", `${await script("fish")}\n${asked}`], { encoding: "utf8" });
    const offers = told.split("\n").filter((line) => line !== "");
    const words = offers.map((line) => line.split("\t")[0]);
    expect(words).toEqual(["compare", "completion", "--beta", "--beta-range", "drop", "keep", "only"]);
    for (const line of offers) expect(line).toMatch(/\t./);
  });
});

describe.skipIf(SKIPS.zsh.skipped)("completion in zsh (skipped where it is not installed)", () => {
  it("offers at the first call, for which zsh reads the file, and at the next", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tokensphere-zsh-"));
    writeFileSync(join(folder, "_tokensphere"), await script("zsh"));
    // What zsh's own functions would be handed.
    const told = `_describe() { print -rl -- $1 "\${(@)\${(P@)2}%%:*}" }; compdef() { print never }; fpath=(${folder}); autoload -Uz _tokensphere`;
    const calls = ["words=(tokensphere compar)", "words=(tokensphere compare --bet)"];
    const asked = calls.map((words) => `${words}; CURRENT=\${#words}; _tokensphere`).join("; ");
    const offers = execFileSync("zsh", ["-f", "-c", `${told}; ${asked}`], { encoding: "utf8" }).split("\n");
    rmSync(folder, { recursive: true });
    expect(offers.slice(0, 2)).toEqual(["command", "compare"]);
    expect(offers).toEqual(expect.arrayContaining(["option", "--beta", "--beta-range"]));
    expect(offers).not.toContain("never");
  });
});

describe.each(["bash", "zsh", "fish"])("the script for %s", (shell) => {
  it("names every command and is one that the shell can read, where it is installed", async () => {
    const text = await script(shell);
    for (const word of ["mean-field", "bifurcation", "random-init"]) expect(text).toContain(word);
    const file = join(mkdtempSync(join(tmpdir(), "tokensphere-completion-")), "script");
    writeFileSync(file, text);
    const checked = spawnSync(shell, ["-n", file], { encoding: "utf8" });
    rmSync(dirname(file), { recursive: true });
    if (!checked.error) expect([checked.status, checked.stderr]).toEqual([0, ""]);
  });
});

it("a shell that is none of them is refused", async () => {
  expect(await runCli(["completion", "cmd"], { cwd: "/" })).toMatchObject({ code: 2 });
});
