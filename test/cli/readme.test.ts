import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { buildProgram } from "../../src/program.ts";
import { fakeEffects } from "./run-cli.ts";

const ROOT = resolve(import.meta.dirname, "../..");

function pages(): string[] {
  const docs = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  const decisions = readdirSync(join(ROOT, "docs/decisions"));
  return [
    "README.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    ...decisions.map((name) => `docs/decisions/${name}`),
    ...docs.map((name) => `docs/${name}`),
  ].filter((p) => existsSync(join(ROOT, p)));
}

function read(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** The `tokensphere …` lines of a page's code blocks. */
function commandLines(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].map(([, block]) => block);
  return blocks
    .flatMap((block) => block.replaceAll("\\\n", " ").split("\n"))
    .map((line) => line.trim().replace(/^(\$ |npx )+/, ""))
    .filter((line) => line.startsWith("tokensphere "));
}

/** The words of a line as a shell would split it, up to a comment, a pipe or a redirection. */
function words(line: string): string[] {
  const all = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)];
  const end = all.findIndex(([, , , plain]) => /^[#|>]/.test(plain ?? ""));
  return all.slice(0, end < 0 ? all.length : end).map(([, double, single, plain]) => double ?? single ?? plain);
}

/** Makes every command parse its line and do nothing. */
function disarm(command: Command): void {
  if (command.commands.length === 0) command.action(() => {});
  for (const c of command.commands) disarm(c);
}

async function parse(line: string): Promise<void> {
  const program = buildProgram(fakeEffects({ cwd: "/" }, { out: [], failed: [], said: [] }), []);
  disarm(program);
  await program.parseAsync(words(line).slice(1), { from: "user" });
}

const lines = pages().flatMap((page) => commandLines(read(page)).map((line) => ({ page, line })));

describe("command lines of the documents", () => {
  it.each(lines)("$page: $line", async ({ line }) => {
    await expect(parse(line)).resolves.toBeUndefined();
  });

  it("are found in README.md", () => {
    expect(lines.some(({ page }) => page === "README.md")).toBe(true);
  });

  it.each(["tokensphere probe --nope", "tokensphere cluster", "tokensphere simulate --dynamics sa", "tokensphere fit"])(
    "would be caught if they were wrong: %s",
    async (line) => {
      await expect(parse(line)).rejects.toThrow();
    },
  );

  it("are read out of blocks with prompts, comments, quotes and pipes", () => {
    const page = '```sh\n$ npx tokensphere probe m --text "a # b" # why\ntokensphere fit r --json | head\n```\n';
    expect(commandLines(page).map(words)).toEqual([
      ["tokensphere", "probe", "m", "--text", "a # b"],
      ["tokensphere", "fit", "r", "--json"],
    ]);
  });
});

/** Lines that name what only their reader has, or ask the network. */
const NOT_HERE = [
  { page: /arrivals\.md$/, line: /./, why: "a record of how people arrived, with their own files" },
  { page: /./, line: /^tokensphere probe --preset glpr-figure1/, why: "a model of the hub" },
];

/** Names of files and folders that a command line reads: behind flags that take one, and in the place of a model, states or a run. */
function filesRead(all: readonly string[]): string[] {
  const [, command, first] = all;
  const behind = all.flatMap((word, k) =>
    ["--text-file", "--image", "--plugin", "--inputs", "--init"].includes(word) ? [all[k + 1]] : [],
  );
  const takesOne = ["probe", "compare", "fit", "inspect", "updates", "report"].includes(command);
  return takesOne && first && !first.startsWith("-") ? [first, ...behind] : behind;
}

describe("what a command line reads", () => {
  const here = lines.filter(({ page, line }) => !NOT_HERE.some((one) => one.page.test(page) && one.line.test(line)));

  it.each([...new Set(here.map(({ page }) => page))])(
    "lies in a fresh clone, or a line above it on %s wrote it",
    (page) => {
      const made = new Set<string>();
      const missing: string[] = [];
      for (const { line } of here.filter((one) => one.page === page)) {
        const all = words(line);
        missing.push(...filesRead(all).filter((name) => !made.has(name) && !existsSync(join(ROOT, name))));
        if (all.includes("--out")) made.add(all[all.indexOf("--out") + 1]);
      }
      expect(missing).toEqual([]);
    },
  );

  it("would be missed", () => {
    expect(filesRead(words("tokensphere compare ./mine --text-file none.txt --json"))).toEqual(["./mine", "none.txt"]);
  });
});

/** Targets of the links and pictures of a page that lie in this repository. */
function relativeLinks(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)[^)]*\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^(https?:|mailto:|#)/.test(target));
}

describe.each(pages())("links of %s", (page) => {
  it("lead to files that exist", () => {
    const missing = relativeLinks(read(page)).filter(
      (target) => !existsSync(join(ROOT, dirname(page), target.replace(/#.*$/, ""))),
    );
    expect(missing).toEqual([]);
  });
});

describe("the link check", () => {
  it("sees links and pictures, and no addresses, anchors or code", () => {
    const page = "![x](a.png) [y](docs/b.md#part) [z](https://c.org) [w](#here) `[v](no.md)`\n```\n[u](no.md)\n```\n";
    expect(relativeLinks(page)).toEqual(["a.png", "docs/b.md#part"]);
  });
});
