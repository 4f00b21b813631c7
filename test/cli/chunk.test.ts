import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TokensphereError } from "../../models/errors.ts";
import { openModel } from "../../models/open-model.ts";
import type { MetricRow } from "../../src/run/metrics.ts";
import { readRun } from "../../src/run/read-run.ts";
import { modelBatches } from "../../src/sources/model-batches.ts";
import { writeToyTokenizer } from "../models/toy-tokenizer.ts";
import { type ModelFixtures, modelFixtures } from "./model-fixtures.ts";
import { fakeEffects, jsonOf, runCli } from "./run-cli.ts";

let fixtures: ModelFixtures;
beforeAll(async () => {
  fixtures = await modelFixtures("bert");
  await writeToyTokenizer(fixtures.folder("bert"), 8);
});
afterAll(() => fixtures.remove());

const WORDS = ["the", "sphere", "and", "a", "token", "the", "token", "a", "sphere", "and", "the"];

function run(...args: readonly string[]) {
  return runCli(["probe", fixtures.folder("bert"), ...args], { cwd: fixtures.cwd });
}

async function metrics(...args: readonly string[]): Promise<MetricRow[]> {
  return (jsonOf(await run(...args, "--json")) as { metrics: MetricRow[] }).metrics;
}

describe("one of many texts that cannot be used", () => {
  it.each([
    ["a token\nthe sphere\n\nand\n", /^error: many\.txt:4: 1 token left after the policy/],
    [`a token\n${WORDS.join(" ")}\n`, /^error: many\.txt:2: text too long: 13 tokens/],
  ])("is named by its file and line: %o", async (lines, message) => {
    writeFileSync(join(fixtures.cwd, "many.txt"), lines);
    const { code, failed } = await run("--text-file", "many.txt", "--lines");
    expect({ code, failed }).toEqual({ code: 3, failed: [expect.stringMatching(message)] });
  });
});

describe("a text longer than the model's limit", () => {
  it("is refused with both ways out", async () => {
    const { code, failed } = await run("--text", WORDS.join(" "));
    expect({ code, failed }).toEqual({
      code: 3,
      failed: [
        "error: text too long: 13 tokens, the model takes 8. give a shorter text, cut it with --truncate, or split it with --chunk max",
      ],
    });
  });

  it("becomes windows with --chunk, each measured as that text alone", async () => {
    const windows = [WORDS.slice(0, 6), WORDS.slice(6)].map((words) => words.join(" "));
    const chunked = await metrics("--text", WORDS.join(" "), "--chunk", "max", "--out", "chunked");
    expect(chunked).toEqual(await metrics("--text", windows[0], "--text", windows[1]));
    expect(readRun(join(fixtures.cwd, "chunked")).manifest).toMatchObject({
      arguments: { chunk: { size: null, overlap: 0 } },
      texts: [
        {
          name: "text 0#1",
          tokens: ["[CLS]", ...WORDS.slice(0, 6), "[SEP]"],
          window: { of: "text 0", from: 0, to: 6 },
        },
        { name: "text 0#2", counted: 7, window: { of: "text 0", from: 6, to: 11 } },
      ],
    });
  });

  it("has the window named that cannot be run", async () => {
    const opened = await openModel(fixtures.folder("bert"), { threads: 1 });
    const states = async (): Promise<never> => {
      throw new TokensphereError("input", "text 0: not finite. take another text");
    };
    const effects = fakeEffects({ cwd: fixtures.cwd }, { out: [], failed: [], said: [] });
    const options = { text: [WORDS.join(" ")], chunk: { size: 6, overlap: 0 } };
    await expect(modelBatches(effects, { ...opened, states }, options, false).next()).rejects.toMatchObject({
      kind: "input",
      message: "text 0#1: not finite. take another text",
    });
    await opened.close();
  });

  it("is named where it is cut, though another is cut by as much", async () => {
    const long = WORDS.join(" ");
    const { said } = await run("--text", long, "--text", long, "--truncate", "--out", "cut");
    expect(said.filter((line) => line.includes("cut"))).toEqual([
      "note: text cut: text 0: 5 tokens beyond the model's 8 dropped",
      "note: text cut: text 1: 5 tokens beyond the model's 8 dropped",
    ]);
  });

  it("becomes shorter windows that overlap, where they are asked for", async () => {
    await run("--text", WORDS.join(" "), "--text", "a token", "--chunk", "6:2", "--out", "overlapping");
    const { texts } = readRun(join(fixtures.cwd, "overlapping")).manifest;
    expect(texts!.map(({ name, window }) => [name, window])).toEqual([
      ["text 0#1", { of: "text 0", from: 0, to: 4 }],
      ["text 0#2", { of: "text 0", from: 2, to: 6 }],
      ["text 0#3", { of: "text 0", from: 4, to: 8 }],
      ["text 0#4", { of: "text 0", from: 6, to: 10 }],
      ["text 0#5", { of: "text 0", from: 8, to: 11 }],
      ["text 1", undefined],
    ]);
  });

  it.each([
    [["--chunk", "9"], /--chunk: 9 tokens, the model takes 8\. give fewer/],
    [["--chunk", "5:3"], /--chunk: 5 tokens, 2 of them the template's, with an overlap of 3/],
    [["--chunk", "3"], /--chunk: 3 tokens, 2 of them .* give longer windows$/],
    [["--chunk", "0"], /--chunk wants tokens a window/],
    [["--chunk", "4:x"], /--chunk wants tokens a window/],
    [["--chunk", "max", "--truncate"], /--truncate and --chunk: one cuts what the other keeps\. give one of them/],
    [["--lines"], /--lines: only a text file has lines\. add --text-file, or leave it out$/],
  ])("is refused for windows that cannot be: %o", async (flags, message) => {
    const { code, failed } = await run("--text", WORDS.join(" "), ...flags);
    expect(code).toBe(2);
    expect(failed).toEqual([expect.stringMatching(message)]);
  });
});
